// node bytecode.mjs PYODIDE FOLDER SCRIPT: Python in Pyodide runs SCRIPT, for which FOLDER is /built.
import { pathToFileURL } from "node:url";

const [pyodide, folder, script] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(`${pyodide}/pyodide.mjs`));
const python = await loadPyodide({ env: { PYTHONHASHSEED: "0" } });
python.mountNodeFS("/built", folder);
python.runPython(script);
