package io.tidegate.processor.sink;

import io.tidegate.processor.query.Target;
import io.tidegate.processor.result.Result;
import io.tidegate.processor.result.ResultMessage;
import io.tidegate.spark.sink.jdbc.JdbcResults;
import io.tidegate.spark.sink.jdbc.JdbcRow;
import io.tidegate.spark.sink.jdbc.JdbcTarget;
import io.tidegate.spark.sink.mqtt.MqttMessage;
import io.tidegate.spark.sink.mqtt.MqttResults;
import io.tidegate.spark.sink.mqtt.MqttTarget;
import java.io.Serializable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;

/**
 * Delivers the results of a task in their order: publishes, writes tables (in one transaction), and gives back what the
 * driver writes. Made anew for every batch, so the addresses are those of this start.
 */
public final class ResultDelivery implements Serializable {
    private static final long serialVersionUID = 1;

    private final Map<String, List<Target>> targets;
    private final MqttTarget broker;
    private final String topics;
    private final Map<String, TableSink> tables;

    /**
     * For the results of some queries.
     *
     * @param targets where those of each query go, by its name
     */
    public ResultDelivery(Map<String, List<Target>> targets, Sinks sinks) {
        this.targets = Map.copyOf(targets);
        broker = sinks.broker();
        topics = sinks.topics();
        tables = sinks.tables();
    }

    /**
     * Delivers the results of a task; goes through them once.
     *
     * @throws InterruptedException when the task is killed; what was under way may or may not arrive
     */
    public DeliveryReceipt deliver(Iterator<? extends Result> results) throws InterruptedException {
        Outbox outbox = new Outbox(results);
        MqttResults.publish(broker, outbox);
        for (Map.Entry<JdbcTarget, List<JdbcRow>> rows : outbox.rows.entrySet()) {
            JdbcResults.write(rows.getKey(), rows.getValue());
        }
        return new DeliveryReceipt(outbox.published, outbox.console, outbox.files);
    }

    /** Goes through the results once: messages come out, everything else stays here. */
    private final class Outbox implements Iterator<MqttMessage> {
        private final Iterator<? extends Result> results;
        private final Deque<MqttMessage> ready = new ArrayDeque<>();
        private final Map<String, Long> published = new HashMap<>();
        private final List<String> console = new ArrayList<>();
        private final Map<String, List<ResultMessage>> files = new HashMap<>();
        private final Map<JdbcTarget, List<JdbcRow>> rows = new LinkedHashMap<>();

        Outbox(Iterator<? extends Result> results) {
            this.results = results;
        }

        @Override
        public boolean hasNext() {
            while (ready.isEmpty() && results.hasNext()) {
                accept(results.next());
            }
            return !ready.isEmpty();
        }

        @Override
        public MqttMessage next() {
            if (!hasNext()) {
                throw new NoSuchElementException("no more messages");
            }
            return ready.removeFirst();
        }

        private void accept(Result result) {
            String query = result.header().subject().query();
            ResultMessage message = ResultMessage.of(result);
            String topic = ReplayNamespace.under(topics, message.topic());
            List<Target> to = targets.getOrDefault(query, List.of());
            if (to.contains(Target.MQTT)) {
                ready.add(new MqttMessage(topic, message.payload(), message.retained()));
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
