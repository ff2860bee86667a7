package io.tidegate.spark.source;

import io.tidegate.spark.client.internal.LogStatus;
import io.tidegate.spark.client.internal.OffsetRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.connector.read.InputPartition;
import org.jspecify.annotations.Nullable;

/**
 * Makes tasks of what lies between two offsets; the same offsets give the same tasks, as long as nothing is lost. Spark
 * plans a batch more than once: what is lost is decided, and counted, the first time. One thread.
 */
final class PartitionPlanner {

    private final long partitionEvents;
    private final DataLossPolicy dataLoss;
    private @Nullable Planned newest;

    /** @param partitionEvents the most events of a task */
    PartitionPlanner(long partitionEvents, DataLossPolicy dataLoss) {
        this.partitionEvents = partitionEvents;
        this.dataLoss = dataLoss;
    }

    /**
     * The tasks that read everything from {@code start} until {@code end}. A gateway that only the end names has just
     * joined: its events begin there.
     *
     * @param logs by gateway
     * @throws DataLossException when the log has forgotten some and that is not to be ignored
     */
    InputPartition[] between(LogOffset start, LogOffset end, Map<String, LogStatus> logs) {
        Planned planned = newest;
        if (planned == null || !planned.start.equals(start) || !planned.end.equals(end)) {
            planned = new Planned(start, end, plan(start, end, logs));
            newest = planned;
        }
        return planned.tasks.toArray(InputPartition[]::new);
    }

    private List<InputPartition> plan(LogOffset start, LogOffset end, Map<String, LogStatus> logs) {
        OffsetValidation.check("end of the batch", end, logs);
        List<InputPartition> tasks = new ArrayList<>();
        end.positions().forEach((gateway, ends) -> {
            List<Long> begin = start.positions().getOrDefault(gateway, ends);
            LogStatus log = logs.get(gateway);
            if (log != null) {
                String asked = "from " + start.json() + " until " + end.json();
                OffsetRange.shares(retained(log, begin, ends, asked), partitionEvents)
                        .forEach(share -> tasks.add(new LogPartition(gateway, log.address(), share)));
            }
        });
        return tasks;
    }

    private List<OffsetRange> retained(LogStatus log, List<Long> begin, List<Long> ends, String asked) {
        List<OffsetRange> ranges = new ArrayList<>();
        for (int keyGroup = 0; keyGroup < ends.size(); keyGroup++) {
            long from = begin.get(keyGroup);
            long until = ends.get(keyGroup);
            if (from > until) {
                throw new IllegalArgumentException("range of gateway '" + log.gateway() + "': key group " + keyGroup
                        + " from " + from + " until " + until
                        + " (expected: a start that is not behind the end). Asked: "
                        + asked);
            }
            long oldest = Math.min(log.oldest().get(keyGroup), until);
            if (from < oldest) {
                dataLoss.lost(log.gateway(), new OffsetRange(keyGroup, from, oldest), asked);
                from = oldest;
            }
            if (from < until) {
                ranges.add(new OffsetRange(keyGroup, from, until));
            }
        }
        return ranges;
    }

    /** A batch and its tasks. */
    private record Planned(LogOffset start, LogOffset end, List<InputPartition> tasks) {}
}
