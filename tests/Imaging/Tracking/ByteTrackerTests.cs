using System;
using System.Collections.Generic;
using System.Linq;
using Xunit;

namespace Strata.Imaging.Tests;

/// <summary>Identities are those of the paper's rules, which make_tracks.py has in another form.</summary>
public sealed class ByteTrackerTests(ITestOutputHelper log)
{
    /// <summary>
    /// In pixels: edges of up to 800 are rounded to 3e-5 in the file and in a track, and Python takes sizes from numbers that were not
    /// rounded in between.
    /// </summary>
    private const float Bound = 1e-3f;

    [Fact]
    public void Identities_and_boxes_are_those_of_the_papers_rules()
    {
        (int sequences, int tracks, float largest) = TrackFile.Compare(Resource.Open("tracks.bin.gz"), Bound);
        log.WriteLine($"{sequences} sequences, {tracks} tracks in frames agree; edges are off by {largest:G2} pixels at most.");
        Assert.InRange(tracks, 1000, int.MaxValue);
    }

    /// <summary>Against all ways to pair, in small matrices; in a large one, nothing is gained by swapping two.</summary>
    [Fact]
    public void An_assignment_costs_the_least()
    {
        var random = new Random(1);
        for (int i = 0; i < 2000; i++)
        {
            double[,] costs = Costs(random, random.Next(0, 6), random.Next(0, 6), random.Next(3));
            double limit = random.NextDouble();
            int[] found = Assignment.Solve(costs.GetLength(0), costs.GetLength(1), (r, c) => costs[r, c], limit);
            Assert.Equal(found.Count(c => c >= 0), found.Where(c => c >= 0).Distinct().Count());
            Assert.All(found.Select((c, r) => (c, r)).Where(p => p.c >= 0), p => Assert.True(costs[p.r, p.c] < limit));
            Assert.Equal(Least(costs, 0, 0, limit), found.Select((c, r) => c < 0 ? limit : costs[r, c]).Sum(), 1e-12);
        }

        double[,] large = Costs(random, 120, 90, 0);
        int[] pairs = Assignment.Solve(120, 90, (r, c) => large[r, c], 0.8);
        for (int a = 0; a < 120; a++)
        {
            for (int b = 0; b < 120; b++)
            {
                Assert.True(Cost(a, pairs[a]) + Cost(b, pairs[b]) <= Cost(a, pairs[b]) + Cost(b, pairs[a]) + 1e-12);
            }
        }

        double Cost(int row, int column) => column < 0 ? 0.8 : large[row, column];

        static double Least(double[,] costs, int row, int used, double limit) => row == costs.GetLength(0) ? 0 : Enumerable
            .Range(0, costs.GetLength(1)).Where(c => (used >> c & 1) == 0)
            .Select(c => costs[row, c] + Least(costs, row + 1, used | 1 << c, limit))
            .Append(limit + Least(costs, row + 1, used, limit)).Min();
    }

    [Fact]
    public void Pairs_of_no_number_or_of_the_limit_are_not_made_and_equal_costs_are_no_trouble()
    {
        Assert.Equal([-1, 0], Assignment.Solve(2, 1, (r, _) => r == 0 ? double.NaN : 0.2, 0.5));
        Assert.Equal([-1], Assignment.Solve(1, 1, (_, _) => 0.5, 0.5));
        Assert.Equal([0, 1, 2, 3], Assignment.Solve(4, 4, (_, _) => 0.5, 0.9).Order());
        Assert.Equal([-1, -1, 0, 1], Assignment.Solve(4, 2, (_, _) => -0.5, 0.9).Order());
        Assert.Empty(Assignment.Solve(0, 3, (_, _) => 0, 1));
        Assert.Equal([-1, -1], Assignment.Solve(2, 0, (_, _) => 0, 1));
    }

    /// <summary>What algorithm 1 says, step by step: two people pass each other, one of them nearly hidden.</summary>
    [Fact]
    public void A_hidden_person_keeps_the_identity_by_low_scores()
    {
        var tracker = new ByteTracker();
        for (int frame = 0; frame < 30; frame++)
        {
            float left = 100 + (6 * frame), right = 280 - (6 * frame);
            bool hidden = float.Abs(left - right) < 40;
            IReadOnlyList<Track> tracks = tracker.Update<Detection>(
                [new(Box.FromCorner(right, 100, 40, 100), hidden ? 0.3f : 0.9f, 1), new(Box.FromCorner(left, 90, 40, 110), 0.9f, 0)]);
            Assert.Equal([(1, 1, 0), (2, 0, 1)], Sorted(tracks));
            Assert.Equal(hidden ? 0.3f : 0.9f, tracks.Single(t => t.Class == 1).Score);
        }

        static (int, int, int)[] Sorted(IReadOnlyList<Track> tracks) =>
            [.. tracks.OrderBy(t => t.Class).Select(t => (t.Class + 1, t.Detection, t.Class))];
    }

    [Fact]
    public void A_track_must_be_confirmed_and_comes_back_within_its_time()
    {
        Box here = new(10, 10, 50, 90), there = new(300, 10, 340, 90);
        var tracker = new ByteTracker(new ByteTrackerOptions { LostFrames = 5 });
        Assert.Equal([1], Ids(here));
        Assert.Equal([1], Ids(here, there));
        Assert.Equal([1], Ids(here));
        Assert.Equal([1], Ids(here, there));
        Assert.Equal([1, 3], Ids(here, there));
        for (int i = 0; i < 6; i++)
        {
            Assert.Equal([1], Ids(here));
        }

        Assert.Equal([1, 3], Ids(here, there));
        for (int i = 0; i < 7; i++)
        {
            Assert.Equal([1], Ids(here));
        }

        Assert.Equal([1], Ids(here, there));
        Assert.Equal([1, 4], Ids(here, there));

        IEnumerable<int> Ids(params Box[] boxes) =>
            tracker.Update<Detection>([.. boxes.Select(b => new Detection(b, 0.9f, 0))]).Select(t => t.Id);
    }

    [Fact]
    public void Classes_are_kept_apart_only_if_it_is_asked()
    {
        var box = new Box(10, 10, 50, 90);
        foreach (bool keep in new[] { false, true })
        {
            var tracker = new ByteTracker(new ByteTrackerOptions { KeepClass = keep });
            tracker.Update<Detection>([new(box, 0.9f, 0)]);
            IReadOnlyList<Track> tracks = tracker.Update<Detection>([new(box, 0.9f, 1)]);
            Assert.Equal(keep ? [] : [(1, 1)], tracks.Select(t => (t.Id, t.Class)));
        }
    }

    [Fact]
    public void Frames_without_detections_and_scores_of_no_number_are_frames()
    {
        var tracker = new ByteTracker();
        Assert.Empty(tracker.Update<Detection>([]));
        Assert.Empty(tracker.Update<Detection>([new(new Box(0, 0, 5, 5), float.NaN, 0), new(new Box(float.NaN, 0, 5, 5), 0.05f, 0)]));
        Assert.Empty(tracker.Update<Detection>([new(new Box(0, 0, 5, 5), 0.9f, 0)]));
        Assert.Equal(1, Assert.Single(tracker.Update<KeyPointDetection>([new(new Box(0, 0, 5, 5), 0.9f, 0, [])])).Id);
    }

    [Fact]
    public void Boxes_that_cannot_be_followed_are_refused_and_change_nothing()
    {
        var box = new Box(0, 0, 5, 5);
        var tracker = new ByteTracker();
        tracker.Update<Detection>([new(box, 0.9f, 0)]);
        Box[] refused = [new(0, 0, float.NaN, 5), new(0, 0, 5, float.PositiveInfinity), new(0, 5, 5, 5), new(5, 0, 0, 5)];
        foreach (Box wrong in refused)
        {
            Assert.Contains("Detection 1 has the box", Assert.Throws<ArgumentException>(
                () => tracker.Update<Detection>([new(box, 0.9f, 0), new(wrong, 0.3f, 0)])).Message, StringComparison.Ordinal);
        }

        Assert.Equal(1, Assert.Single(tracker.Update<Detection>([new(box, 0.9f, 0)])).Id);
        Assert.Throws<ArgumentNullException>(() => tracker.Update<Detection>(null!));
    }

    [Fact]
    public void Options_out_of_their_range_are_refused_by_name()
    {
        Refused(new() { HighScore = 1.5f }, "HighScore must be from 0 to 1");
        Refused(new() { LowScore = float.NaN }, "LowScore must be from 0 to 1");
        Refused(new() { StartScore = -1 }, "StartScore must be from 0 to 1");
        Refused(new() { HighDistance = 2 }, "HighDistance must be from 0 to 1");
        Refused(new() { LowDistance = -0.1 }, "LowDistance must be from 0 to 1");
        Refused(new() { ConfirmDistance = double.NaN }, "ConfirmDistance must be from 0 to 1");
        Refused(new() { LostFrames = -1 }, "LostFrames must be 0 or more");

        static void Refused(ByteTrackerOptions options, string message) => Assert.Contains(
            message, Assert.Throws<ArgumentOutOfRangeException>(() => new ByteTracker(options)).Message, StringComparison.Ordinal);
    }

    private static double[,] Costs(Random random, int rows, int columns, int kind)
    {
        double[,] costs = new double[rows, columns];
        for (int i = 0; i < costs.Length; i++)
        {
            // Of one kind, many are equal; of one, some are negative.
            costs[i / columns, i % columns] = kind switch
            {
                0 => random.NextDouble(),
                1 => random.Next(4) / 4.0,
                _ => random.NextDouble() - 0.5,
            };
        }

        return costs;
    }
}
