// The nodes of the demo network in this process: each is what an operator runs, on real links over
// loopback, and only the process is shared. One that fails ends all of them; whoever started the
// process starts it again.
import type { Demo } from '../../shared/api-profile.ts';
import type { CryptoEngine } from '../../shared/crypto.ts';
import type { NetworkFile } from '../../shared/network/network-file.ts';
import { nodeOf, type Topology, verifyDocument } from '../../shared/network/topology.ts';
import type { Log } from '../log.ts';
import type { LocalnetPlan, PlannedNode } from './localnet-plan.ts';
import { loadConfig } from './node-files.ts';
import { type RunningNode, runNode } from './node-process.ts';

export type DemoNetwork = {
  /** Every node, with its layer once a document has dealt them. */
  readonly nodes: () => Demo['nodes'];
  readonly end: () => Promise<void>;
};

export type DemoNetworkOptions = {
  readonly plan: LocalnetPlan;
  readonly engine: CryptoEngine;
  readonly network: NetworkFile;
  readonly log: Log;
  readonly nativeBinding: string | undefined;
};

/** Starts every node of the plan. Throws what the first that cannot start throws. */
export async function startDemoNetwork(options: DemoNetworkOptions): Promise<DemoNetwork> {
  const { plan, engine, network, log, nativeBinding } = options;
  const running: { readonly planned: PlannedNode; readonly node: RunningNode }[] = [];
  const end = async () => {
    await Promise.all(running.map(({ node }) => node.end()));
  };
  try {
    for (const planned of plan.nodes) {
      const config = loadConfig(planned.role, planned.configFile);
      running.push({ planned, node: await runNode(config, { log, nativeBinding, engine }) });
    }
  } catch (error) {
    await end();
    throw error;
  }
  let topology: Topology | null = null;
  const layers = () => {
    // The deal stays while the nodes do, and they do.
    if (topology !== null) return topology;
    const authority = running.find(({ planned }) => planned.role === 'authority');
    const bytes = authority?.node.status.document?.() ?? null;
    const verified = bytes === null ? null : verifyDocument(engine, network, bytes);
    topology = verified?.ok === true ? verified.topology : null;
    return topology;
  };
  return {
    nodes: () => {
      const known = layers();
      return running.map(({ planned: { name, role }, node }) => {
        const layer = known === null ? 0 : (nodeOf(known, node.identityKey)?.layer ?? 0);
        return { name, kind: role, layer: layer === 0 ? null : layer, isReady: isUp(role, node) };
      });
    },
    end,
  };
}

/** A node without a document knows the authority alone, and is up in nobody's eyes. */
function isUp(role: PlannedNode['role'], { status }: RunningNode): boolean {
  const { isHealthy, facts } = status.health();
  return isHealthy && (role === 'authority' || Number(facts['neighbours']) > 1);
}
