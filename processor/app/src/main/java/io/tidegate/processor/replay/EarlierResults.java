package io.tidegate.processor.replay;

import io.tidegate.processor.query.Query;
import io.tidegate.processor.query.Target;
import io.tidegate.processor.settings.ProcessorSettings;
import io.tidegate.processor.sink.TableSink;
import io.tidegate.processor.structured.KeyedQuery;
import io.tidegate.processor.structured.SqlQuery;
import io.tidegate.processor.structured.StructuredQuery;
import io.tidegate.spark.sink.jdbc.JdbcResults;
import io.tidegate.spark.sink.jdbc.JdbcTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What an earlier replay of the same name has left of the same queries: tables with rows, folders with files. Results of two
 * replays in one place can't be told apart. Topics are not looked at: what is retained there, the next replay replaces.
 */
final class EarlierResults {

    private final ProcessorSettings settings;
    private final List<String> found = new ArrayList<>();

    private EarlierResults(ProcessorSettings settings) {
        this.settings = settings;
    }

    /**
     * Looks for them.
     *
     * @param apart the settings of the replay, with its places
     * @return for people: each table and folder
     * @throws IllegalStateException when a database stays away
     */
    static List<String> find(ProcessorSettings apart) throws InterruptedException, IOException {
        EarlierResults earlier = new EarlierResults(apart);
        for (Query query : apart.queries()) {
            earlier.look(query.name(), query.to());
        }
        for (StructuredQuery query : apart.structured()) {
            earlier.look(query);
        }
        return earlier.found;
    }

    private void look(StructuredQuery query) throws InterruptedException, IOException {
        if (query instanceof KeyedQuery keyed) {
            look(query.name(), keyed.query().to());
        } else if (query instanceof SqlQuery sql) {
            if (sql.to().contains(Target.FILES)) {
                files(sql.folder());
            }
            if (sql.to().contains(Target.JDBC)) {
                table(sql.database(), sql.table());
            }
        }
    }

    private void look(String query, List<Target> to) throws InterruptedException, IOException {
        if (to.contains(Target.FILES)) {
            files(settings.sinks().files().resolve(query));
        }
        TableSink table = settings.sinks().tables().get(query);
        if (table != null) {
            table(table.database(), table.table().table().name());
        }
    }

    private void table(JdbcTarget database, String name) throws InterruptedException {
        if (!JdbcResults.isEmpty(database, name)) {
            found.add("table " + name);
        }
    }

    private void files(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            try (Stream<Path> days = Files.list(folder)) {
                if (days.findAny().isPresent()) {
                    found.add("files " + folder);
                }
            }
        }
    }
}
