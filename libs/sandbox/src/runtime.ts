/** The Python that runs submissions: one hash-pinned set of packages, in a virtual environment and in a sandbox's root. */
export interface PythonRuntime {
  /** sha256 (hex) of `runtime/requirements.lock`; part of every grade. */
  readonly lockHash: string;
  /** For example `3.11.2`. */
  readonly pythonVersion: string;
  /** Folder of this runtime, `$ASSAY_HOME/runtime/<...>`. */
  readonly directory: string;
  /** Host path of the virtual environment's interpreter: all packages, also the trusted ones. */
  readonly python: string;
  /** Host path of the interpreter that the virtual environment was made from; only the standard library. */
  readonly basePython: string;
  /** Host path of the read-only root that a submission sees as `/`. */
  readonly root: string;
  /** Path of the interpreter as seen inside that root. */
  readonly rootPython: string;
  /** Host path of the trusted linters' programs. */
  readonly ruff: string;
  readonly hadolint: string;
}
