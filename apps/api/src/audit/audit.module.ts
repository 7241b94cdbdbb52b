import { Global, Module } from '@nestjs/common';
import { AuditService } from './audit.service';
import { AuditEventsController } from './audit-events.controller';
import { AuditTrailService } from './audit-trail.service';

@Global()
@Module({ controllers: [AuditEventsController], providers: [AuditService, AuditTrailService], exports: [AuditService] })
export class AuditModule {}
