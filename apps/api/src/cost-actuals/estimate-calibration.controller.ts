import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Permission } from '../auth/permission';
import { RequirePermission } from '../auth/permission.decorator';
import { CurrentPrincipal, type Principal } from '../auth/principal';
import { EstimateCalibrationDto, toEstimateCalibrationDto } from './estimate-calibration.dto';
import { EstimateCalibrationService } from './estimate-calibration.service';

@ApiTags('estimates')
@Controller('estimate-calibration')
export class EstimateCalibrationController {
  constructor(private readonly calibrations: EstimateCalibrationService) {}

  @Get()
  @RequirePermission(Permission.ReadEstimates)
  @ApiOperation({ summary: 'How good past estimates were, and what own outcomes say in place of published figures' })
  @ApiOkResponse({ type: EstimateCalibrationDto })
  async get(@CurrentPrincipal() principal: Principal): Promise<EstimateCalibrationDto> {
    return toEstimateCalibrationDto(await this.calibrations.calibration(principal));
  }
}
