package io.tidegate.gateway.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RocksLogStoreTest extends LogStoreContract {

    @Override
    LogStore open(LogSettings settings, int keyGroups, String gateway) throws LogRefused {
        return RocksLogStore.open(settings, keyGroups, gateway);
    }

    @Test
    void a_newer_format_is_refused() throws Exception {
        try (RocksDatabase columns = RocksDatabase.open(folder, 1 << 20)) {
            columns.commit(batch -> batch.put(columns.meta, Codec.text("format"), Codec.longs(Codec.VERSION + 1)));
        }

        assertRefused(2, "g1", LogRefused.Reason.NEWER_FORMAT, 78, "a newer gateway wrote it");
    }

    /** Where positions in files, remembered answers and snapshots of devices are in every log that there is. */
    @Test
    void state_has_the_keys_on_disk_that_it_always_had() throws Exception {
        try (LogStore store = open(LogFixture.settings(folder), 2, "g1")) {
            StateUpdate position = new StateUpdate("spool/web/access.log", "x".getBytes(UTF_8));
            store.append(List.of(LogFixture.append(Optional.empty(), List.of(), List.of(position))));
        }

        try (RocksDatabase columns = RocksDatabase.open(folder, 1 << 20)) {
            byte[] key = "mark/spool/web/access.log".getBytes(UTF_8);
            assertThat(columns.get(columns.meta, key, () -> new byte[0])).isEqualTo("x".getBytes(UTF_8));
        }
    }
}
