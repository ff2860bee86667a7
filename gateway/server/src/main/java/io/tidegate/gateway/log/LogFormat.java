package io.tidegate.gateway.log;

import java.nio.file.Path;

/** What the first start freezes in the folder, and every later start must agree with. */
final class LogFormat {

    private static final byte[] FORMAT = Codec.text("format");
    private static final byte[] KEY_GROUPS = Codec.text("key-groups");
    private static final byte[] GATEWAY = Codec.text("gateway");
    private static final byte[] NONE = new byte[0];

    private LogFormat() {}

    static void check(Path folder, RocksDatabase columns, int keyGroups, String gateway) throws LogRefused {
        long version = version(columns);
        if (version == 0) {
            begin(columns, keyGroups, gateway);
            return;
        }
        if (version > Codec.VERSION) {
            throw new LogRefused(
                    LogRefused.Reason.NEWER_FORMAT,
                    folder,
                    "format " + version + " (expected: at most " + Codec.VERSION + "; a newer gateway wrote it)");
        }
        long count = columns.number(KEY_GROUPS);
        expect(folder, "key groups", Long.toString(count), Integer.toString(keyGroups));
        expect(folder, "gateway id", Codec.text(columns.get(columns.meta, GATEWAY, () -> NONE)), gateway);
    }

    private static void expect(Path folder, String what, String stored, String configured) throws LogRefused {
        if (!stored.equals(configured)) {
            throw new LogRefused(
                    LogRefused.Reason.OTHER_SETTINGS,
                    folder,
                    what + ": " + configured + " (expected: " + stored
                            + ", with which the folder was begun; restore the setting, or choose another folder)");
        }
    }

    private static void begin(RocksDatabase columns, int keyGroups, String gateway) {
        columns.commit(batch -> {
            batch.put(columns.meta, FORMAT, Codec.longs(Codec.VERSION));
            batch.put(columns.meta, KEY_GROUPS, Codec.longs(keyGroups));
            batch.put(columns.meta, GATEWAY, Codec.text(gateway));
        });
    }

    /** What an older version wrote becomes a log of this one, in one commit with what {@code more} adds. */
    static void raise(RocksDatabase columns, RocksDatabase.Fill more) {
        if (version(columns) < Codec.VERSION) {
            columns.commit(batch -> {
                batch.put(columns.meta, FORMAT, Codec.longs(Codec.VERSION));
                more.into(batch);
            });
        }
    }

    private static long version(RocksDatabase columns) {
        return columns.number(FORMAT);
    }
}
