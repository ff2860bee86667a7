package io.tidegate.processor.dstream;

import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.VoidFunction2;
import org.apache.spark.streaming.Time;

/**
 * The only output operation: runs on the driver, once per batch, and again for a batch that is re-run. Tasks publish;
 * what they have counted comes back, and so do rankings. A batch that fails is the last one.
 */
record PublishBatch(JobPlan plan) implements VoidFunction2<JavaRDD<BatchOutput>, Time> {
    @Override
    public void call(JavaRDD<BatchOutput> outputs, Time time) throws Exception {
        RunContext run = RunContext.current();
        run.refuseAfterFailure(time.milliseconds());
        try {
            run.prepare();
            List<TaskReport> reports =
                    outputs.mapPartitions(new DeliverPartition(run.delivery())).collect();
            run.complete(plan, time.milliseconds(), reports);
        } catch (Exception | Error e) { // Scala throws checked ones too, unannounced
            run.failed(e);
            throw e;
        }
    }
}
