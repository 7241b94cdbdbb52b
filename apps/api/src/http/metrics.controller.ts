import { Controller, Get, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Response } from 'express';
import { Public } from '../auth/permission.decorator';
import { registry } from './metrics';

@ApiExcludeController()
@Controller('metrics')
export class MetricsController {
  @Get()
  @Public('scraped by Prometheus; holds counts and durations only')
  async metrics(@Res() response: Response): Promise<void> {
    response.type(registry.contentType).send(await registry.metrics());
  }
}
