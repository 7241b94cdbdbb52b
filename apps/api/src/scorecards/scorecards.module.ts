import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { EvaluationsModule } from '../evaluations/evaluations.module';
import { GradingReportsModule } from '../grading-reports/grading-reports.module';
import { RegradeLedgerModule } from '../regrades/regrade-ledger.module';
import { StoredScorecard } from './scorecard.entity';
import { ScorecardsController } from './scorecards.controller';
import { ScorecardsService } from './scorecards.service';

@Module({
  imports: [TypeOrmModule.forFeature([StoredScorecard]), EvaluationsModule, GradingReportsModule, RegradeLedgerModule],
  controllers: [ScorecardsController],
  providers: [ScorecardsService],
  exports: [ScorecardsService],
})
export class ScorecardsModule {}
