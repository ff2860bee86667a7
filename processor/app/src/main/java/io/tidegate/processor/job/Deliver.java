package io.tidegate.processor.job;

import io.tidegate.processor.partial.LedgerCounts;
import io.tidegate.processor.partial.QueryKey;
import io.tidegate.processor.query.Query;
import io.tidegate.processor.sink.Delivery;
import io.tidegate.processor.sink.Flattened;
import io.tidegate.processor.sink.Receipt;
import io.tidegate.processor.sink.Sinks;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.api.java.function.FlatMapFunction;

/** Delivers the results of a partition, and hands on what its states have counted. Made anew for every batch. */
final class Deliver implements FlatMapFunction<Iterator<Outcome>, Delivered> {
    private static final long serialVersionUID = 1;

    private final Delivery delivery;

    Deliver(Plan plan, Sinks sinks) {
        delivery = new Delivery(
                plan.queries().stream().collect(Collectors.toUnmodifiableMap(Query::name, Query::to)), sinks);
    }

    @Override
    public Iterator<Delivered> call(Iterator<Outcome> outcomes) throws InterruptedException {
        Map<QueryKey, LedgerCounts> ledger = new HashMap<>();
        Receipt receipt = delivery.deliver(new Flattened<>(outcomes, outcome -> {
            if (!outcome.ledger().groups().isEmpty()) {
                ledger.put(outcome.key(), outcome.ledger());
            }
            return outcome.results();
        }));
        return List.of(new Delivered(receipt, ledger)).iterator();
    }
}
