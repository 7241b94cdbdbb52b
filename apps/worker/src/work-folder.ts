/** Injection token of the path of the folder for the files of this process's jobs. */
export const WORK_FOLDER = Symbol('WORK_FOLDER');
