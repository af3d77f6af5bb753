//! At most so many requests in any minute.

use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::{Instant, sleep};

const MINUTE: Duration = Duration::from_secs(60);

/// Lets at most so many requests pass in any minute, a quarter of them at once.
///
/// The server counts in minutes of its clock. What holds for any minute holds for those too, and a burst costs a
/// short run nothing.
#[derive(Debug)]
pub(super) struct Pacer {
    /// The time between two requests at an even pace.
    interval: Duration,
    /// How far ahead of the even pace a request may be.
    slack: Duration,
    /// When the next request is due at an even pace; none before the first.
    due: Mutex<Option<Instant>>,
}

impl Pacer {
    pub(super) fn new(per_minute: u32) -> Self {
        let per_minute = per_minute.max(1);
        let burst = (per_minute / 4).max(1);
        // After a burst, the rest of a minute takes what the burst has left. Rounded up, or one more would pass.
        let interval = MINUTE / (per_minute - burst + 1) + Duration::from_nanos(1);
        Self { interval, slack: interval * (burst - 1), due: Mutex::new(None) }
    }

    /// Waits for its turn. First come, first served: the lock is fair, and is held while the first in the line waits.
    /// Who gives up while waiting has taken nothing.
    pub(super) async fn turn(&self) {
        let mut due = self.due.lock().await;
        let now = Instant::now();
        let even = due.unwrap_or(now);
        let wait = even.saturating_duration_since(now + self.slack);
        if !wait.is_zero() {
            sleep(wait).await;
        }
        *due = Some(even.max(Instant::now()) + self.interval);
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::timeout;

    use super::*;

    /// When each of so many requests passes, in seconds after the first.
    async fn times(pacer: &Pacer, count: usize) -> Vec<f64> {
        let start = Instant::now();
        let mut times = Vec::new();
        for _ in 0..count {
            pacer.turn().await;
            times.push(start.elapsed().as_secs_f64());
        }
        times
    }

    #[tokio::test(start_paused = true)]
    async fn in_no_minute_pass_more_than_allowed() {
        for rate in [1, 2, 3, 7, 30, 60, 2400] {
            let times = times(&Pacer::new(rate), rate as usize * 3).await;
            for window in times.windows(rate as usize + 1) {
                assert!(window[rate as usize] - window[0] >= 60.0, "{rate}: {window:?}");
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_allowed_is_used() {
        // A minute of 2,400 is the burst and then an even pace; 400 pages of 4 at a time are not slowed at all.
        let pacer = Pacer::new(2400);
        let times = times(&pacer, 4800).await;
        assert_eq!(times[599], 0.0);
        assert!(times[2399] < 61.0 && times[4799] < 161.0, "{} {}", times[2399], times[4799]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_rest_earns_the_burst_again_and_no_more() {
        let pacer = Pacer::new(30);
        times(&pacer, 40).await;
        sleep(MINUTE * 60).await;
        let times = times(&pacer, 8).await;
        assert_eq!(times[6], 0.0);
        assert!(times[7] > 1.0, "{times:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn who_gives_up_has_taken_nothing() {
        let pacer = Pacer::new(1);
        pacer.turn().await;
        let start = Instant::now();
        for _ in 0..5 {
            assert!(timeout(Duration::from_secs(1), pacer.turn()).await.is_err());
        }
        pacer.turn().await;
        assert!((59.9..60.1).contains(&start.elapsed().as_secs_f64()), "{:?}", start.elapsed());
    }

    #[tokio::test(start_paused = true)]
    async fn the_first_to_come_is_the_first_to_go() {
        let pacer = std::sync::Arc::new(Pacer::new(60));
        times(&pacer, 15).await;
        let order = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
        let tasks = (0..10).map(|number| {
            let (pacer, order) = (pacer.clone(), order.clone());
            tokio::spawn(async move {
                pacer.turn().await;
                order.lock().unwrap().push(number);
            })
        });
        for task in tasks.collect::<Vec<_>>() {
            task.await.unwrap();
        }
        assert_eq!(*order.lock().unwrap(), (0..10).collect::<Vec<_>>());
    }
}
