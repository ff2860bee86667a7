package io.tidegate.processor.dstream;

import io.tidegate.processor.aggregate.StateSize;
import io.tidegate.processor.aggregate.top.Ranking;
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
record DeliverPartition(ResultDelivery delivery) implements FlatMapFunction<Iterator<BatchOutput>, TaskReport> {
    @Override
    public Iterator<TaskReport> call(Iterator<BatchOutput> outputs) throws InterruptedException {
        Map<QueryKey, LedgerCounts> ledger = new HashMap<>();
        Map<QueryKey, StateSize> stateSizes = new HashMap<>();
        Map<Integer, Ranking> rankings = new HashMap<>();
        DeliveryReceipt receipt = delivery.deliver(new FlatMapIterator<>(outputs, output -> {
            if (!output.ledger().groups().isEmpty()) {
                ledger.put(output.key(), output.ledger());
            }
            if (!output.stateSize().equals(StateSize.NONE)) {
                stateSizes.put(output.key(), output.stateSize());
            }
            if (output.ranking() != null) {
                rankings.merge(output.key().query(), output.ranking(), Ranking::merge);
            }
            return output.results().iterator();
        }));
        return List.of(new TaskReport(receipt, rankings, ledger, stateSizes)).iterator();
    }
}
