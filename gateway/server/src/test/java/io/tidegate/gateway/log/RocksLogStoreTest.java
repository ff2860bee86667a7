package io.tidegate.gateway.log;

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
}
