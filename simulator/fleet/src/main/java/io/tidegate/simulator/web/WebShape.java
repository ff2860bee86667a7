package io.tidegate.simulator.web;

import java.time.Duration;

/**
 * What web traffic looks like and how it misbehaves. Together with a seed and a start it determines every byte.
 *
 * @param rate lines a second, on the average of a time without bursts
 * @param visitors how many clients there are, robots among them
 * @param robots this part of the clients (0 to 1) reads without pause, and says that it is a robot
 * @param visit how long a person stays
 * @param away how long a person then stays away
 * @param pages how many pages there are
 * @param skew of Zipf's law: the n-th page is asked for in proportion to 1/n^skew
 * @param bursts when many come at once
 * @param damaged this part of the lines (0 to 1) is cut off in the middle
 */
public record WebShape(
        double rate,
        int visitors,
        double robots,
        Duration visit,
        Duration away,
        int pages,
        double skew,
        Bursts bursts,
        double damaged) {

    /**
     * Times at which the rate is higher.
     *
     * @param every from the beginning of one to the next; zero: there are none
     * @param factor how many times the rate
     */
    public record Bursts(Duration every, Duration length, double factor) {
        boolean isOn(long offsetMs) {
            return !every.isZero() && offsetMs % every.toMillis() >= every.toMillis() - length.toMillis();
        }
    }
}
