package io.tidegate.processor.dstream;

import io.tidegate.processor.aggregate.StateSize;
import io.tidegate.processor.key.QueryKey;
import io.tidegate.processor.ledger.LedgerCounts;
import io.tidegate.processor.sink.DeliveryReceipt;
import io.tidegate.processor.sink.FlatMapIterator;
import io.tidegate.processor.sink.ResultDelivery;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.function.FlatMapFunction;

/** Delivers the results of a partition, and hands on what its states have counted. Made anew for every batch. */
final class DeliverPartition implements FlatMapFunction<Iterator<BatchOutput>, TaskReport> {
    private static final long serialVersionUID = 1;

    private final ResultDelivery delivery;

    DeliverPartition(ResultDelivery delivery) {
        this.delivery = delivery;
    }

    @Override
    public Iterator<TaskReport> call(Iterator<BatchOutput> outcomes) throws InterruptedException {
        Map<QueryKey, LedgerCounts> ledger = new HashMap<>();
        Map<QueryKey, StateSize> stateSizes = new HashMap<>();
        DeliveryReceipt receipt = delivery.deliver(new FlatMapIterator<>(outcomes, outcome -> {
            if (!outcome.ledger().groups().isEmpty()) {
                ledger.put(outcome.key(), outcome.ledger());
            }
            if (!outcome.stateSize().equals(StateSize.NONE)) {
                stateSizes.put(outcome.key(), outcome.stateSize());
            }
            return outcome.results();
        }));
        return List.of(new TaskReport(receipt, ledger, stateSizes)).iterator();
    }
}
