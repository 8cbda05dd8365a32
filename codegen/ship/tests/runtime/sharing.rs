//! Who shares one limit, and who has one to himself.
use std::time::Duration;

use ship::runtime::{CallOptions, Core, CoreBuilder, Pacer, Request, Settings, decode};
use tokio::time::Instant;

use crate::support::READ;
use crate::support::paced::LIMITS;
use crate::support::sim::{Network, Rule, Sim};

static SETTINGS: Settings = Settings {
    user_agent: "t/1",
    base_url: Some("https://host"),
    rate_limits: Some(LIMITS),
    variables: &[],
};

fn core(sim: &Sim, pacer: Pacer) -> Core {
    CoreBuilder::new(&SETTINGS).transport(sim.clone()).pacer(pacer).build().unwrap()
}

fn sim() -> Sim {
    Sim::new(Rule::Sliding, 100, Network::new(10, 0), 1)
}

/// So many calls of each client at once.
async fn drain(clients: [&Core; 2], calls: usize) -> Duration {
    let started = Instant::now();
    let call = |core: &Core| {
        let core = core.clone();
        tokio::spawn(async move {
            let request = Request::new(&READ).path("id", &1);
            core.execute(request, &CallOptions::new(), decode::nothing).await.unwrap();
        })
    };
    let calls: Vec<_> = (0..calls).flat_map(|_| clients.map(call)).collect();
    for call in calls {
        call.await.unwrap();
    }
    started.elapsed()
}

#[tokio::test(start_paused = true)]
async fn p6_clones_and_clients_with_one_pacer_share_one_limit() {
    let service = sim();
    let first = core(&service, Pacer::new());
    assert_shared([&first, &first.clone()], &service).await;

    let (service, pacer) = (sim(), Pacer::new());
    let clients = [core(&service, pacer.clone()), core(&service, pacer)];
    assert_shared([&clients[0], &clients[1]], &service).await;
}

/// 300 calls take the time of 300, and the service refuses none.
async fn assert_shared(clients: [&Core; 2], sim: &Sim) {
    let took = drain(clients, 150).await;
    assert_eq!((sim.refused(), sim.peak()), (0, 100));
    assert!(took >= Duration::from_secs(2), "{took:?}");
    assert_eq!(clients.map(|core| core.quota().sent_today), [300, 300]);
}

#[tokio::test(start_paused = true)]
async fn p6_clients_without_a_pacer_in_common_have_a_limit_each() {
    // A pacer that is changed after cloning is a new one.
    let changes: [fn(&Pacer) -> Pacer; 3] = [
        |_| Pacer::new(),
        |pacer| pacer.clone().max_in_flight(32),
        |pacer| pacer.clone().daily_budget(1000),
    ];
    for change in changes {
        let services = [sim(), sim()];
        let us = Pacer::new();
        let eu = change(&us);
        let clients = [core(&services[0], us), core(&services[1], eu)];
        let took = drain([&clients[0], &clients[1]], 150).await;
        assert_eq!(services.each_ref().map(|sim| (sim.refused(), sim.peak())), [(0, 100); 2]);
        assert!(took < Duration::from_secs(2), "{took:?}");
        assert_eq!(clients.map(|core| core.quota().sent_today), [150, 150]);
    }
    // One service sees that nobody divides its limit.
    let service = sim();
    drain([&core(&service, Pacer::new()), &core(&service, Pacer::new())], 150).await;
    assert!(service.refused() > 0);
}
