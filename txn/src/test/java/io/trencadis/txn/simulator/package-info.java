/// A whole cluster in one thread under one seed: [Simulation] delivers messages late and out of
/// order, [SimClient] runs scripts of [Op]s through real coordinators, and what clients saw is
/// judged afterwards. A seed replays step for step.
package io.trencadis.txn.simulator;
