import { describeFamily } from './check-family.ts';

describeFamily('albert', [
  { name: 'a checkpoint with a head', config: (config) => config, tensor: (name) => `albert.${name}` },
]);
