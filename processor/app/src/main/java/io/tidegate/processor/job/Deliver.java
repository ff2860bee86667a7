package io.tidegate.processor.job;

import io.tidegate.processor.partial.LedgerCounts;
import io.tidegate.processor.partial.QueryKey;
import io.tidegate.processor.sink.Delivery;
import io.tidegate.processor.sink.Flattened;
import io.tidegate.processor.sink.Receipt;
import io.tidegate.processor.state.StateSize;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.function.FlatMapFunction;

/** Delivers the results of a partition, and hands on what its states have counted. Made anew for every batch. */
final class Deliver implements FlatMapFunction<Iterator<Outcome>, Delivered> {
    private static final long serialVersionUID = 1;

    private final Delivery delivery;

    Deliver(Delivery delivery) {
        this.delivery = delivery;
    }

    @Override
    public Iterator<Delivered> call(Iterator<Outcome> outcomes) throws InterruptedException {
        Map<QueryKey, LedgerCounts> ledger = new HashMap<>();
        Map<QueryKey, StateSize> held = new HashMap<>();
        Receipt receipt = delivery.deliver(new Flattened<>(outcomes, outcome -> {
            if (!outcome.ledger().groups().isEmpty()) {
                ledger.put(outcome.key(), outcome.ledger());
            }
            if (!outcome.held().equals(StateSize.NONE)) {
                held.put(outcome.key(), outcome.held());
            }
            return outcome.results();
        }));
        return List.of(new Delivered(receipt, ledger, held)).iterator();
    }
}
