package io.tidegate.processor.job;

import io.tidegate.processor.partial.LedgerCounts;
import io.tidegate.processor.partial.QueryKey;
import io.tidegate.processor.query.Query;
import io.tidegate.processor.query.Target;
import io.tidegate.processor.result.Messages;
import io.tidegate.processor.result.Result;
import io.tidegate.processor.sink.Apart;
import io.tidegate.processor.sink.Sinks;
import io.tidegate.processor.sink.TableSink;
import io.tidegate.spark.jdbc.JdbcResults;
import io.tidegate.spark.jdbc.JdbcTarget;
import io.tidegate.spark.jdbc.Row;
import io.tidegate.spark.mqtt.Message;
import io.tidegate.spark.mqtt.MqttResults;
import io.tidegate.spark.mqtt.MqttTarget;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.stream.Collectors;
import org.apache.spark.api.java.function.FlatMapFunction;

/**
 * Delivers the results of a partition in their order: publishes, writes tables (in one transaction), and gives back what
 * the driver writes. Made anew for every batch, so the addresses are those of this start.
 */
final class Deliver implements FlatMapFunction<Iterator<Outcome>, Delivered> {
    private static final long serialVersionUID = 1;

    private final Map<String, List<Target>> targets;
    private final MqttTarget broker;
    private final String topics;
    private final Map<String, TableSink> tables;

    Deliver(Plan plan, Sinks sinks) {
        targets = plan.queries().stream().collect(Collectors.toUnmodifiableMap(Query::name, Query::to));
        broker = sinks.broker();
        topics = sinks.topics();
        tables = sinks.tables();
    }

    @Override
    public Iterator<Delivered> call(Iterator<Outcome> outcomes) throws InterruptedException {
        Outbox outbox = new Outbox(outcomes, targets, tables, topics);
        MqttResults.publish(broker, outbox);
        for (Map.Entry<JdbcTarget, List<Row>> rows : outbox.rows.entrySet()) {
            JdbcResults.write(rows.getKey(), rows.getValue());
        }
        return List.of(new Delivered(outbox.published, outbox.ledger, outbox.console, outbox.files))
                .iterator();
    }

    /** Goes through the outcomes once: messages come out, everything else stays here. */
    private static final class Outbox implements Iterator<Message> {
        private final Iterator<Outcome> outcomes;
        private final Map<String, List<Target>> targets;
        private final Map<String, TableSink> tables;
        private final String topics;
        private final Deque<Message> ready = new ArrayDeque<>();
        private final Map<String, Long> published = new HashMap<>();
        private final Map<QueryKey, LedgerCounts> ledger = new HashMap<>();
        private final List<String> console = new ArrayList<>();
        private final Map<String, List<io.tidegate.processor.result.Message>> files = new HashMap<>();
        private final Map<JdbcTarget, List<Row>> rows = new LinkedHashMap<>();

        Outbox(
                Iterator<Outcome> outcomes,
                Map<String, List<Target>> targets,
                Map<String, TableSink> tables,
                String topics) {
            this.outcomes = outcomes;
            this.targets = targets;
            this.tables = tables;
            this.topics = topics;
        }

        @Override
        public boolean hasNext() {
            while (ready.isEmpty() && outcomes.hasNext()) {
                accept(outcomes.next());
            }
            return !ready.isEmpty();
        }

        @Override
        public Message next() {
            if (!hasNext()) {
                throw new NoSuchElementException("no more messages");
            }
            return ready.removeFirst();
        }

        private void accept(Outcome outcome) {
            if (!outcome.ledger().groups().isEmpty()) {
                ledger.put(outcome.key(), outcome.ledger());
            }
            outcome.results().forEach(this::accept);
        }

        private void accept(Result result) {
            String query = result.header().subject().query();
            io.tidegate.processor.result.Message message = Messages.of(result);
            String topic = Apart.under(topics, message.topic());
            List<Target> to = targets.getOrDefault(query, List.of());
            if (to.contains(Target.MQTT)) {
                ready.add(new Message(topic, message.payload(), message.retained()));
            }
            if (to.contains(Target.CONSOLE)) {
                console.add(topic + " " + message.json());
            }
            if (to.contains(Target.FILES)) {
                files.computeIfAbsent(query, q -> new ArrayList<>()).add(message);
            }
            TableSink sink = tables.get(query);
            if (sink != null) {
                rows.computeIfAbsent(sink.database(), database -> new ArrayList<>())
                        .add(sink.table().row(result));
            }
            published.merge(query, 1L, Long::sum);
        }
    }
}
