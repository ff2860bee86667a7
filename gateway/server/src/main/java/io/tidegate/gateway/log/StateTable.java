package io.tidegate.gateway.log;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/** What sources and key groups note beside the events. One writer, any readers. */
final class StateTable {

    private static final String STATE = "mark/";

    private final RocksDatabase columns;

    StateTable(RocksDatabase columns) {
        this.columns = columns;
    }

    Map<String, byte[]> all(String prefix) {
        String from = STATE + prefix;
        return columns.iterate(columns.meta, state -> {
            Map<String, byte[]> found = new TreeMap<>();
            for (state.seek(Codec.text(from)); state.isValid(); state.next()) {
                String key = Codec.text(state.key());
                if (!key.startsWith(from)) {
                    break;
                }
                found.put(key.substring(from.length()), state.value());
            }
            return found;
        });
    }

    void put(List<StateUpdate> state, WriteBatch batch) throws RocksDBException {
        for (StateUpdate update : state) {
            byte[] key = Codec.text(STATE + update.key());
            byte[] value = update.value();
            if (value == null) {
                batch.delete(columns.meta, key);
            } else {
                batch.put(columns.meta, key, value);
            }
        }
    }
}
