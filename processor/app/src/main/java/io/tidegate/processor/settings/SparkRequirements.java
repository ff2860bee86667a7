package io.tidegate.processor.settings;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;

/** What Spark must be able to give, checked before anything starts: each refusal names its setting and what is right. */
public final class SparkRequirements {

    /** One gateway, one receiver; each takes a core for good. */
    static final int RECEIVERS = 1;

    private static final Pattern LOCAL = Pattern.compile("local(?:\\[(\\d+|\\*)(?:\\s*,\\s*\\d+)?])?");
    private static final Pattern LOCAL_CLUSTER = Pattern.compile("local-cluster\\[\\s*(\\d+)\\s*,\\s*(\\d+)\\s*,.*]");

    private SparkRequirements() {}

    /** The master unless one is given: a core for each receiver and two for the work, or all there are. */
    public static String defaultMaster(int processors) {
        return "local[" + Math.max(processors, RECEIVERS + 2) + "]";
    }

    /** Everything that can't work with this configuration of Spark, a line each. */
    public static List<String> refusals(SparkConf conf, int processors) {
        List<String> refusals = new ArrayList<>();
        String master = conf.get("spark.master");
        OptionalInt cores = cores(master, processors);
        if (cores.isPresent() && cores.getAsInt() < RECEIVERS + 1) {
            refusals.add("master: given " + master + " (expected: at least " + (RECEIVERS + 1)
                    + " cores, as the receiver takes one for good: local[" + (RECEIVERS + 1) + "] or more)");
        }
        int limit = conf.getInt("spark.cores.max", Integer.MAX_VALUE);
        if (limit < RECEIVERS + 1) {
            refusals.add("spark.cores.max: given " + limit + " (expected: " + (RECEIVERS + 1) + " or more)");
        }
        refuseIfOn(conf, "spark.speculation", "a copy of the receiver's task would end the healthy one", refusals);
        refuseIfOn(conf, "spark.dynamicAllocation.enabled", "it would take the receiver's executor away", refusals);
        refuseIfOn(conf, "spark.streaming.dynamicAllocation.enabled", "it would end the receiver", refusals);
        return refusals;
    }

    private static void refuseIfOn(SparkConf conf, String key, String why, List<String> refusals) {
        if (conf.getBoolean(key, false)) {
            refusals.add(key + ": given true (expected: false, " + why + ")");
        }
    }

    /** How many cores a local master has; nobody knows of a cluster. */
    static OptionalInt cores(String master, int processors) {
        Matcher local = LOCAL.matcher(master);
        if (local.matches()) {
            String count = local.group(1);
            return OptionalInt.of(count == null ? 1 : count.equals("*") ? processors : Integer.parseInt(count));
        }
        Matcher cluster = LOCAL_CLUSTER.matcher(master);
        return cluster.matches()
                ? OptionalInt.of(Integer.parseInt(cluster.group(1)) * Integer.parseInt(cluster.group(2)))
                : OptionalInt.empty();
    }

    /** Whether everything of Spark is on this machine. */
    static boolean isLocal(String master) {
        return master.startsWith("local");
    }
}
