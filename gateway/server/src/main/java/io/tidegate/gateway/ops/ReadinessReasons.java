package io.tidegate.gateway.ops;

import io.tidegate.gateway.admission.KeyGroupCounters;
import io.tidegate.gateway.admission.KeyGroupSettings;
import io.tidegate.gateway.log.ExpiredEvents;
import io.tidegate.gateway.log.LogStore;
import java.util.ArrayList;
import java.util.List;

/** What works, but needs a person: sentences for {@link Readiness}. */
public final class ReadinessReasons {

    private ReadinessReasons() {}

    /**
     * The reasons at this moment.
     *
     * @param ledgerMonitor tells what the ledger can't explain, if that has lasted
     * @param limits how many devices are tracked at most, and in how much memory
     */
    public static List<String> of(
            LedgerMonitor ledgerMonitor, LogStore store, KeyGroupCounters keyGroups, KeyGroupSettings limits) {
        List<String> reasons = new ArrayList<>();
        ledgerMonitor.imbalance().ifPresent(reasons::add);
        store.groups().forEach((name, group) -> {
            ExpiredEvents expired = store.expired(name);
            if (expired.events() > 0 && expired.epoch() == group.epoch()) {
                reasons.add("consumer group " + name + " has lost events: " + expired.events()
                        + " expired before it had committed them (log.when-full: expire-oldest)");
            }
        });
        if (keyGroups.devices() * 5L >= limits.maxDevices() * 4L) {
            reasons.add("devices: " + keyGroups.devices() + " are tracked (devices.max-devices: " + limits.maxDevices()
                    + "); events of more are logged with their duplicates");
        }
        if (keyGroups.devicesMemory() >= limits.maxMemory() / 5 * 4) {
            reasons.add("devices: what is remembered of them takes " + (keyGroups.devicesMemory() >> 20)
                    + " MiB (devices.max-memory: " + (limits.maxMemory() >> 20)
                    + " MiB); readings of more devices and metrics are logged with their duplicates");
        }
        return reasons;
    }
}
