package io.tidegate.gateway.http;

import io.tidegate.gateway.keygroup.KeyGroupCounters;
import io.tidegate.gateway.log.Expired;
import io.tidegate.gateway.log.LogStore;
import java.util.ArrayList;
import java.util.List;

/** What works, but needs a person: sentences for {@link Readiness}. */
public final class Worries {

    private Worries() {}

    /**
     * The worries at this moment.
     *
     * @param books what the ledger can't explain, if that has lasted
     * @param maxDevices how many devices are tracked at most
     */
    public static List<String> of(Books books, LogStore store, KeyGroupCounters keyGroups, int maxDevices) {
        List<String> worries = new ArrayList<>();
        books.imbalance().ifPresent(worries::add);
        store.groups().forEach((name, group) -> {
            Expired expired = store.expired(name);
            if (expired.events() > 0 && expired.epoch() == group.epoch()) {
                worries.add("consumer group " + name + " has lost events: " + expired.events()
                        + " expired before it had committed them (log.when-full: expire-oldest)");
            }
        });
        if (keyGroups.devices() * 5L >= maxDevices * 4L) {
            worries.add("devices: " + keyGroups.devices() + " are tracked (devices.max-devices: " + maxDevices
                    + "); events of more are logged with their duplicates");
        }
        return worries;
    }
}
