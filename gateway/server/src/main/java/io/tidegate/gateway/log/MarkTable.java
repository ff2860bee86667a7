package io.tidegate.gateway.log;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/** What sources and key groups note beside the events. One writer, any readers. */
final class MarkTable {

    private static final String MARK = "mark/";

    private final Columns columns;

    MarkTable(Columns columns) {
        this.columns = columns;
    }

    Map<String, byte[]> all(String prefix) {
        String from = MARK + prefix;
        return columns.iterate(columns.meta, marks -> {
            Map<String, byte[]> found = new TreeMap<>();
            for (marks.seek(Codec.text(from)); marks.isValid(); marks.next()) {
                String key = Codec.text(marks.key());
                if (!key.startsWith(from)) {
                    break;
                }
                found.put(key.substring(from.length()), marks.value());
            }
            return found;
        });
    }

    void put(List<Mark> marks, WriteBatch batch) throws RocksDBException {
        for (Mark mark : marks) {
            byte[] key = Codec.text(MARK + mark.key());
            byte[] value = mark.value();
            if (value == null) {
                batch.delete(columns.meta, key);
            } else {
                batch.put(columns.meta, key, value);
            }
        }
    }
}
