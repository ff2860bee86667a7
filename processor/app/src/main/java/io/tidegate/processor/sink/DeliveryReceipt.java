package io.tidegate.processor.sink;

import io.tidegate.processor.result.ResultMessage;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What a task tells the driver when its results are published and in their tables.
 *
 * @param published results by the name of their query
 * @param console lines for the driver's standard output
 * @param files results for files, by the name of their query
 */
public record DeliveryReceipt(Map<String, Long> published, List<String> console, Map<String, List<ResultMessage>> files)
        implements Serializable {

    /** Learns of every result that was published. */
    @FunctionalInterface
    public interface PublishListener {
        /** So many results of a query. */
        void results(String query, long count);
    }

    /**
     * The driver's part of a batch: lines and files; on disk when it returns.
     *
     * @param tasks of all tasks of the batch
     * @param folder for files
     */
    public static void complete(
            List<DeliveryReceipt> tasks,
            long batchMs,
            Path folder,
            PublishListener published,
            Consumer<String> console) {
        Map<String, List<ResultMessage>> files = new HashMap<>();
        for (DeliveryReceipt task : tasks) {
            task.published.forEach(published::results);
            task.console.forEach(console);
            task.files.forEach((query, results) ->
                    files.computeIfAbsent(query, q -> new ArrayList<>()).addAll(results));
        }
        files.forEach((query, results) -> ResultFiles.write(folder, query, batchMs, results));
    }
}
