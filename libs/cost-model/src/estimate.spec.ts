import { DEFAULT_ASSUMPTIONS } from './default-assumptions';
import { estimateProject } from './estimate';
import { parseProject } from './project';
test('x', () => { const e = estimateProject(parseProject({ hours: 2700, seats: 3 }), DEFAULT_ASSUMPTIONS); process.stdout.write(JSON.stringify({...e, assumptions: e.assumptions.map(a=>a.id)}, null, 1)); });
