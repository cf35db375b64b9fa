"""The table in memory answers as DynamoDB Local does."""
