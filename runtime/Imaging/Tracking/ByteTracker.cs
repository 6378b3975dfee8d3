using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Imaging;

/// <summary>
/// Follows objects through the frames of a video: detections of one frame after the other become tracks with identities (Zhang et al.,
/// ByteTrack: Multi-Object Tracking by Associating Every Detection Box, ECCV 2022, algorithm 1).
/// </summary>
/// <remarks>
/// <para>
/// A filter predicts where each track is. Detections of high scores are matched with tracks by overlap, then those of low scores with the
/// tracks that are left: an object that is half hidden has a low score, but lies where its track says. What is left of the high scores
/// begins a track, which the next frame must confirm. A track that finds no detection is kept for a while, in case it comes back.
/// </para>
/// <para>
/// Identities are those of the paper's code (github.com/ifzhang/ByteTrack), which a test compares: also where a lost track takes part for
/// one frame more than its time, and where of two tracks in one place the younger one is dropped. If two ways to match cost exactly the
/// same, either may be taken. Boxes are in pixels: as in the paper's code, each side counts one pixel more, so shares of a picture do not
/// work.
/// </para>
/// <para>A tracker is for one video. Calls from several threads at the same time are not allowed.</para>
/// <code>
/// var tracker = new ByteTracker();
/// foreach (Picture frame in frames)
/// {
///     IReadOnlyList&lt;Track&gt; tracks = tracker.Update(Detect(frame, leastScore: 0.1));
///     frame.DrawTracks(tracks, names);
/// }
/// </code>
/// </remarks>
public sealed class ByteTracker
{
    /// <summary>Two tracks of a smaller distance are one object.</summary>
    private const double SameDistance = 0.15;

    private readonly ByteTrackerOptions _options;
    private readonly float _startScore;
    private List<Tracklet> _tracked = [];
    private List<Tracklet> _lost = [];
    private int _frame;
    private int _lastId;

    /// <summary>Creates a tracker that knows no objects yet.</summary>
    /// <param name="options">Its options; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A score or a distance is not from 0 to 1, or the number of frames is negative.
    /// </exception>
    public ByteTracker(ByteTrackerOptions? options = null)
    {
        _options = options ?? new ByteTrackerOptions();
        _startScore = _options.StartScore ?? _options.HighScore + 0.1f;
        ReadOnlySpan<(double Value, string Name)> shares =
        [
            (_options.HighScore, nameof(_options.HighScore)), (_options.LowScore, nameof(_options.LowScore)),
            (_options.StartScore ?? 0, nameof(_options.StartScore)), (_options.HighDistance, nameof(_options.HighDistance)),
            (_options.LowDistance, nameof(_options.LowDistance)), (_options.ConfirmDistance, nameof(_options.ConfirmDistance)),
        ];
        foreach ((double value, string name) in shares)
        {
            if (value is not (>= 0 and <= 1))
            {
                throw new ArgumentOutOfRangeException(nameof(options), value, $"{name} must be from 0 to 1.");
            }
        }

        if (_options.LostFrames < 0)
        {
            throw new ArgumentOutOfRangeException(
                nameof(options), _options.LostFrames, $"{nameof(_options.LostFrames)} must be 0 or more.");
        }
    }

    /// <summary>Takes the detections of the next frame.</summary>
    /// <typeparam name="T">What was found: objects in boxes, maybe with key points or masks.</typeparam>
    /// <param name="detections">
    /// What was found in the frame, after suppression and with low scores (<see cref="ByteTrackerOptions.LowScore"/>), in pixels; none is
    /// a frame, too. Those with scores of NaN are left out.
    /// </param>
    /// <returns>The tracks that were seen in this frame, by their numbers. Each has a detection.</returns>
    /// <exception cref="ArgumentException">
    /// A box is not finite, or its height is not greater than 0, or its width is negative. The tracker is then as it was before.
    /// </exception>
    public IReadOnlyList<Track> Update<T>(IReadOnlyList<T> detections)
        where T : IDetection
    {
        ArgumentNullException.ThrowIfNull(detections);
        List<Found> high = [], low = [];
        for (int i = 0; i < detections.Count; i++)
        {
            var found = new Detection(detections[i].Box, detections[i].Score, detections[i].Class);
            bool isHigh = found.Score > _options.HighScore, isLow = found.Score > _options.LowScore && found.Score < _options.HighScore;
            if (isHigh || isLow)
            {
                if (!CanBeFollowed(found.Box))
                {
                    throw new ArgumentException(
                        $"Detection {i} has the box {found.Box}; its numbers must be finite, its height greater than 0, and its width not "
                        + "negative.", nameof(detections));
                }

                (isHigh ? high : low).Add(new Found(i, found, TrackedBox.Of(found.Box)));
            }
        }

        _frame++;
        var unconfirmed = _tracked.Where(t => !t.Confirmed).ToList();
        List<Tracklet> candidates = [.. _tracked.Where(t => t.Confirmed), .. _lost];
        candidates.ForEach(track => track.Predict());

        List<Tracklet> back = [], seen = [];
        List<Tracklet> missed = Match(candidates, ref high, _options.HighDistance, _options.FuseScores, (track, wasLost) =>
            (wasLost ? back : seen).Add(track));
        List<Tracklet> vanished = Match(
            [.. missed.Where(t => !t.Lost)], ref low, _options.LowDistance, fuse: false, (track, _) => seen.Add(track));
        vanished.ForEach(track => track.Lost = true);
        Match(unconfirmed, ref high, _options.ConfirmDistance, _options.FuseScores, (track, _) => seen.Add(track));
        foreach (Found found in high.Where(f => !(f.Detection.Score < _startScore)))
        {
            seen.Add(new Tracklet(++_lastId, _frame, found.Number, found.Detection) { Confirmed = _frame == 1 });
        }

        // A track whose time is over is in the list of lost ones for one frame more, and may come back; but then it is not kept again.
        List<Tracklet> lost = [.. _lost.Where(t => t.Lost && !t.Expired), .. vanished.Where(t => !t.Expired)];
        foreach (Tracklet track in _lost.Where(t => _frame - t.LastFrame > _options.LostFrames))
        {
            track.Expired = true;
        }

        List<Tracklet> tracked = [.. _tracked.Where(t => t.LastFrame == _frame).Union(seen), .. back];
        (_tracked, _lost) = WithoutDoubles(tracked, lost);
        return [.. _tracked.Where(t => t.Confirmed).OrderBy(t => t.Id).Select(t => t.Shown)];
    }

    /// <summary>Matches tracks with detections.</summary>
    /// <param name="tracks">The tracks.</param>
    /// <param name="found">The detections; those that are left afterwards.</param>
    /// <param name="limit">The largest distance.</param>
    /// <param name="fuse">Whether the distance counts scores.</param>
    /// <param name="matched">What to do with a track that was matched, and whether it was lost.</param>
    /// <returns>The tracks that are left.</returns>
    private List<Tracklet> Match(
        List<Tracklet> tracks, ref List<Found> found, double limit, bool fuse, Action<Tracklet, bool> matched)
    {
        List<Found> given = found;
        TrackedBox[] boxes = [.. tracks.Select(t => t.Box)];
        int[] pairs = Assignment.Solve(tracks.Count, given.Count, Distance, limit);
        var left = new List<Tracklet>();
        for (int i = 0; i < tracks.Count; i++)
        {
            if (pairs[i] < 0)
            {
                left.Add(tracks[i]);
                continue;
            }

            bool wasLost = tracks[i].Lost;
            tracks[i].Update(_frame, given[pairs[i]].Number, given[pairs[i]].Detection);
            matched(tracks[i], wasLost);
        }

        found = [.. given.Where((_, i) => !pairs.Contains(i))];
        return left;

        double Distance(int track, int one)
        {
            if (_options.KeepClass && tracks[track].Class != given[one].Detection.Class)
            {
                return double.PositiveInfinity;
            }

            double overlap = boxes[track].IntersectionOverUnion(given[one].Box);
            return 1 - (fuse ? overlap * given[one].Detection.Score : overlap);
        }
    }

    /// <summary>Of a tracked and a lost track in one place, the one that was followed for longer; the lost one, if it is as old.</summary>
    private (List<Tracklet> Tracked, List<Tracklet> Lost) WithoutDoubles(List<Tracklet> tracked, List<Tracklet> lost)
    {
        var dropped = new HashSet<Tracklet>();
        TrackedBox[] boxes = [.. lost.Select(t => t.Box)];
        foreach (Tracklet one in tracked)
        {
            TrackedBox box = one.Box;
            for (int i = 0; i < lost.Count; i++)
            {
                if (1 - box.IntersectionOverUnion(boxes[i]) < SameDistance && !(_options.KeepClass && one.Class != lost[i].Class))
                {
                    dropped.Add(one.LastFrame - one.FirstFrame > lost[i].LastFrame - lost[i].FirstFrame ? lost[i] : one);
                }
            }
        }

        return ([.. tracked.Where(t => !dropped.Contains(t))], [.. lost.Where(t => !dropped.Contains(t))]);
    }

    private static bool CanBeFollowed(Box box) =>
        float.IsFinite(box.Left + box.Top + box.Right + box.Bottom) && box.Height > 0 && box.Width >= 0;

    /// <param name="Number">Which of the frame's detections it is.</param>
    /// <param name="Detection">What was found.</param>
    /// <param name="Box">Its box.</param>
    private readonly record struct Found(int Number, Detection Detection, TrackedBox Box);
}
