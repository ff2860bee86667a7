package io.tidegate.processor.job;

import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.VoidFunction2;
import org.apache.spark.streaming.Time;

/**
 * The only output operation: runs on the driver, once per batch, and again for a batch that is re-run. Tasks publish;
 * what they have counted comes back. A batch that fails is the last one.
 */
final class Publish implements VoidFunction2<JavaRDD<Outcome>, Time> {
    private static final long serialVersionUID = 1;

    private final Plan plan;

    Publish(Plan plan) {
        this.plan = plan;
    }

    @Override
    public void call(JavaRDD<Outcome> outcomes, Time time) throws Exception {
        ThisStart start = ThisStart.current();
        start.refuseAfterFailure(time.milliseconds());
        try {
            start.prepare();
            List<Delivered> delivered = outcomes.mapPartitions(start.deliver()).collect();
            start.completed(plan, time.milliseconds(), delivered);
        } catch (Exception | Error e) { // Scala throws checked ones too, unannounced
            start.failed(e);
            throw e;
        }
    }
}
