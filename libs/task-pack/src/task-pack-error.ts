/** A folder is not a task pack that can be used; the message names the file and what to change. */
export class TaskPackError extends Error {
  override readonly name = 'TaskPackError';
}
