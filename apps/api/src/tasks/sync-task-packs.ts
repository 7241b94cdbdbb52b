import 'reflect-metadata';
import { readConfig } from '../config';
import { syncTaskPacks } from './task-pack-sync.command';

// Command line entry point, with the environment of the API: node apps/api/dist/tasks/sync-task-packs.js
Promise.resolve()
  .then(() => syncTaskPacks(readConfig(process.env), (line) => process.stdout.write(`${line}\n`)))
  .then(
    (code) => process.exit(code),
    (error: Error) => {
      process.stderr.write(`The task packs were not synced: ${error.message}\n`);
      process.exit(1);
    },
  );
