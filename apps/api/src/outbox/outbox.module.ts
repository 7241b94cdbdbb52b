import { Module } from '@nestjs/common';
import { GradingOutbox } from './grading-outbox';

@Module({ providers: [GradingOutbox], exports: [GradingOutbox] })
export class OutboxModule {}
