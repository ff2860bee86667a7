package io.tidegate.gateway.admission;

import io.tidegate.protocol.v1.Event;
import io.tidegate.protocol.v1.Reading;
import io.tidegate.protocol.v1.TimeSource;

/**
 * What makes a numbered reading the same as another of its device and metric.
 *
 * @param seq the device's sequence number
 * @param timed whether the device's own time counts; one that was clamped is different each time it arrives
 * @param timeOrHash the time in µs, or a hash of value, text and unit
 * @param receivedMs when it came
 */
record ReadingIdentity(long seq, boolean timed, long timeOrHash, long receivedMs) {

    static ReadingIdentity of(Event event) {
        Reading reading = event.getReading();
        boolean timed = event.getTimeSource() == TimeSource.DEVICE;
        return new ReadingIdentity(
                reading.getSeq(), timed, timed ? event.getTimeUs() : content(reading), event.getReceivedMs());
    }

    private static long content(Reading reading) {
        long hash = reading.hasValue() ? Double.doubleToLongBits(reading.getValue()) : 0;
        hash = mix(hash ^ (reading.hasValue() ? 1 : 0));
        hash = mix(hash ^ text(reading.getText()));
        return mix(hash ^ text(reading.getUnit()));
    }

    private static long text(String text) {
        long hash = text.length();
        for (int i = 0; i < text.length(); i++) {
            hash = 31 * hash + text.charAt(i);
        }
        return hash;
    }

    /** The finisher of SplitMix64: each bit of the input moves about half of the output's. */
    private static long mix(long value) {
        long mixed = value + 0x9e3779b97f4a7c15L;
        mixed = (mixed ^ (mixed >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }
}
