import { GRADING_REPORTS_QUEUE, PRACTICE_REPORTS_QUEUE } from '@assay/contracts/queues';
import { makeWorkRoot } from '@assay/grader/work-root';
import { openQueue } from '@assay/queue/job-queue';
import { prepareQueueStore } from '@assay/queue/prepare-queue-store';
import type { DynamicModule } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import { ArchiveDownload } from './archive-download';
import { CONFIG, type Config } from './config';
import { GradeSubmissionProcessor, REPORTS_QUEUE } from './grade-submission.processor';
import { GRADING_ENGINE, openGradingEngine } from './grading-engine';
import { GradingWorker } from './grading-worker';
import { HealthController } from './health';
import { createLog, LOG } from './log';
import { WorkerMetrics } from './metrics';
import { PRACTICE_REPORTS, PracticeProcessor } from './practice.processor';
import { TaskPacks } from './task-packs';
import { WORK_FOLDER } from './work-folder';

class WorkerModule {}

/** The whole worker. */
export function workerModule(config: Config): DynamicModule {
  const log = createLog(config.logLevel);
  return {
    module: WorkerModule,
    imports: [LoggerModule.forRoot({ pinoHttp: { logger: log, autoLogging: false } })],
    controllers: [HealthController],
    providers: [
      { provide: CONFIG, useValue: config },
      { provide: LOG, useValue: log },
      { provide: WORK_FOLDER, useFactory: () => makeWorkRoot() },
      {
        provide: GRADING_ENGINE,
        inject: [WORK_FOLDER],
        useFactory: (workFolder: string) =>
          openGradingEngine({
            ...config,
            concurrency: Math.max(1, config.concurrency),
            workFolder,
            onProgress: (line) => log.info(line),
          }),
      },
      {
        provide: REPORTS_QUEUE,
        useFactory: async () => {
          const { warnings } = await prepareQueueStore(config.queueUrl);
          for (const warning of warnings) log.warn(warning);
          const onError = (error: Error) => log.warn({ err: error }, 'The queue store cannot be reached');
          return openQueue(GRADING_REPORTS_QUEUE, config.queueUrl, { onError });
        },
      },
      {
        provide: PRACTICE_REPORTS,
        // After the other queue, which has prepared the store.
        inject: [REPORTS_QUEUE],
        useFactory: () => {
          const onError = (error: Error) => log.warn({ err: error }, 'The queue store cannot be reached');
          return openQueue(PRACTICE_REPORTS_QUEUE, config.queueUrl, { onError });
        },
      },
      ArchiveDownload,
      TaskPacks,
      WorkerMetrics,
      GradeSubmissionProcessor,
      PracticeProcessor,
      GradingWorker,
    ],
  };
}
