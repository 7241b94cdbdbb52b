import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { CandidatesModule } from '../candidates/candidates.module';
import { MailModule } from '../mail/mail.module';
import { OrganisationsModule } from '../organisations/organisations.module';
import { RubricsModule } from '../rubrics/rubrics.module';
import { TasksModule } from '../tasks/tasks.module';
import { Evaluation } from './evaluation.entity';
import { EvaluationsController } from './evaluations.controller';
import { EvaluationsService } from './evaluations.service';
import { Invitation } from './invitation.entity';
import { InvitationsService } from './invitations.service';

@Module({
  imports: [
    TypeOrmModule.forFeature([Evaluation, Invitation]),
    CandidatesModule,
    TasksModule,
    RubricsModule,
    OrganisationsModule,
    MailModule,
  ],
  controllers: [EvaluationsController],
  providers: [EvaluationsService, InvitationsService],
  exports: [EvaluationsService, InvitationsService],
})
export class EvaluationsModule {}
