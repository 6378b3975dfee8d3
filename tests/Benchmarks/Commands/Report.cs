using System;
using System.Globalization;
using Strata.Benchmarks.Measurement;
using Strata.Benchmarks.Tables;
using Strata.Benchmarks.Workers;

namespace Strata.Benchmarks.Commands;

/// <summary>Prints the rows: a table for people, or one JSON object per line.</summary>
internal sealed class Report(bool json)
{
    private const string Columns =
        "net                          mode       batch  threads  tier       weights   Strata ms   peer ms   ratio   GFLOP/s   of limit"
        + "   max error   peak MiB  of peer  cpu";

    /// <summary>A machine of our own keeps its median within a few hundredths of its best.</summary>
    private const double BusyShare = 0.85;

    private bool _begun;

    /// <summary>What was measured with what; before the first row.</summary>
    public void Begin(string strata, IMeasured? peer)
    {
        if (!json && !_begun)
        {
            _begun = true;
            Console.WriteLine($"{strata}; peer: {(peer is null ? "none" : peer.Settings is null ? peer.Version : $"{peer.Version} ({peer.Settings})")}; medians");
            Console.WriteLine(Columns);
        }
    }

    /// <summary>What else is worth knowing about the next row; not on standard output.</summary>
    public void Note(int threads, Isa isa, Limit limit, Func<double> bandwidth, double median, double best, double? peerBest)
    {
        if (!json)
        {
            Console.Error.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"limits, {threads} thread(s): {limit.Best:F1} GFLOP/s at {32 * isa.Lanes()} bits, {bandwidth():F1} GB/s read; best slices: {best:G4} ms, peer {Cell(peerBest, "G4")}"));
        }

        if (limit.Median < BusyShare * limit.Best || best < BusyShare * median)
        {
            Console.Error.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"warning: the machine is busy: the limit is {limit.Best:F1} GFLOP/s but its median {limit.Median:F1}; the best slice takes {best:G4} ms but the median one {median:G4} ms."));
        }
    }

    public void Add(Result row)
    {
        if (!json)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{row.Net,-28} {row.Mode,-9} {row.Batch,6} {row.Threads,8}  {row.Tier,-9}  {row.Weights,-7} "
                + $"{row.StrataMs,11:G4} {Cell(row.PeerMs, "G4"),9} {Cell(row.Ratio, "F2"),7} {row.Gflops,9:F1} {row.LimitShare,10:P1} "
                + $"{Cell(row.MaxError, "0.0E-00"),11} {Cell(row.PeakMb, "F0"),10} {Cell(row.PeerPeakMb, "F0"),8}  "
                + $"{row.Cpu}{(row.NoPeer is null ? "" : $"; no peer: {row.NoPeer}")}"));
            return;
        }

        Console.Out.WriteLine(row.ToJson());
        Console.Out.Flush();
    }

    private static string Cell(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "-";
}
