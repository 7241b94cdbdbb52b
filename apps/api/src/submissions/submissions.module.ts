import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { EvaluationsModule } from '../evaluations/evaluations.module';
import { GradingModule } from '../grading/grading.module';
import { CandidateSubmissionsController } from './candidate-submissions.controller';
import { Submission } from './submission.entity';
import { SubmissionEvents } from './submission-events';
import { SubmissionsController } from './submissions.controller';
import { SubmissionsService } from './submissions.service';

@Module({
  imports: [TypeOrmModule.forFeature([Submission]), EvaluationsModule, GradingModule],
  controllers: [CandidateSubmissionsController, SubmissionsController],
  providers: [SubmissionsService, SubmissionEvents],
})
export class SubmissionsModule {}
