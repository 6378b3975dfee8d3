using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using Microsoft.CodeAnalysis.CSharp;
using Strata.Benchmarks.Algorithms;
using Strata.Benchmarks.Layers;
using Strata.Benchmarks.Measurement;
using Strata.Benchmarks.Networks;
using Strata.Benchmarks.Workers;
using Strata.Generator.Kernels;
using Strata.Generator.Lowering;

namespace Strata.Benchmarks.Commands;

/// <summary>The algorithms for the zoo's convolutions, each measured: what the cost model should choose, and the table by which it does.</summary>
internal static class AlgorithmsCommand
{
    /// <summary>A choice that costs more is shown.</summary>
    private const double LargeRegret = 1.05;

    private static readonly TimeSpan LimitSlice = TimeSpan.FromMilliseconds(1);

    public static int Run(CommandLine line)
    {
        Generator.Kernels.Tier tier = Generator.Kernels.Tier.All.Single(candidate => candidate.Name == line.Isa.ToString());
        CpuFamily family = tier.Families[0];
        if (line.Write && !Processor.Family.StartsWith(family.Name.Split(',')[0], StringComparison.Ordinal))
        {
            throw new UsageException($"--write writes the table of {family.Name}; this is {Processor.Family}.");
        }

        Dictionary<ConvolutionShape, long> shapes = ShapesOf(line.Networks is ["all"] ? [.. BenchmarkNetwork.All] : [.. line.Networks.Select(BenchmarkNetwork.Find)]);
        var limit = new Limit(line.Isa, threads: 1, LimitSlice);
        MeasuredTable table = MeasuredTable.Of(tier);
        var measured = new List<MeasuredShape>();
        long start = Stopwatch.GetTimestamp();
        foreach ((ConvolutionShape shape, long weights) in shapes)
        {
            MeasuredShape result = MeasuredShape.Of(shape, weights, tier, line.Duration, limit);
            if (result.HasChoice)
            {
                measured.Add(result);
                Print(line, result, tier, table);
            }
        }

        if (measured.Count == 0)
        {
            throw new WorkerException("No convolution of these networks has a choice of algorithms.");
        }

        // A multiply-add of a vector is two operations for each lane.
        double cyclesPerSecond = limit.Best * 1e9 / (2 * tier.Lanes * family.MultiplyAdds);
        List<MeasuredShape> steady = [.. measured.Where(shape => shape.IsSteady)];
        Summarise(line, tier, steady, measured.Count, limit.Best, Stopwatch.GetElapsedTime(start));
        if (line.Write)
        {
            Write(line, tier, steady, shapes, cyclesPerSecond, limit.Best);
        }

        return 0;
    }

    /// <summary>The distinct shapes of the networks' convolutions, each with the bytes of the weights of the smallest network of the zoo that has it.</summary>
    private static Dictionary<ConvolutionShape, long> ShapesOf(HashSet<BenchmarkNetwork> networks)
    {
        CSharpCompilation sources = ZooSources.Compilation(null);
        var shapes = new Dictionary<ConvolutionShape, long>();
        var wanted = new HashSet<ConvolutionShape>();
        foreach (BenchmarkNetwork network in BenchmarkNetwork.All)
        {
            NetworkInfo info = network.Describe();
            long weights = info.Layers.Sum(layer => (long)layer.ParameterCount) * sizeof(float);
            FusionPlan groups = FusionPlan.Of(ZooSources.GraphOf(sources, info.Name), ProgramKind.OneSample);
            foreach (ConvolutionShape shape in groups.All.Select(ConvolutionShape.Of).OfType<ConvolutionShape>())
            {
                shapes[shape] = shapes.TryGetValue(shape, out long known) ? Math.Min(known, weights) : weights;
                if (networks.Contains(network))
                {
                    wanted.Add(shape);
                }
            }
        }

        return wanted.ToDictionary(shape => shape, shape => shapes[shape]);
    }

    private static void Print(CommandLine line, MeasuredShape result, Generator.Kernels.Tier tier, MeasuredTable table)
    {
        ConvolutionShape shape = result.Shape;
        string predicted = ConvolutionLayer.Choice(shape, tier, MeasuredTable.Empty), tabled = ConvolutionLayer.Choice(shape, tier, table);
        double Gflops(MeasuredCandidate candidate) => 2 * shape.MultiplyAdds / candidate.Seconds / 1e9;
        if (line.Json)
        {
            JsonOutput.Write(json =>
            {
                json.WriteString("shape", shape.ToString());
                json.WriteString("tier", Tier.Name(line.Isa));
                json.WriteString("best", result.Candidates[0].Algorithm);
                json.WriteString("model", predicted);
                json.WriteNullable("model_regret", result.Regret(predicted));
                json.WriteString("choice", tabled);
                json.WriteNullable("choice_regret", result.Regret(tabled));
                json.WriteNullable("spread", result.Spread);
                json.WriteString("cpu", Processor.Family);
                json.WriteStartArray("candidates");
                foreach (MeasuredCandidate candidate in result.Candidates)
                {
                    json.WriteStartObject();
                    json.WriteString("algorithm", candidate.Algorithm);
                    json.WriteNullable("ms", candidate.Seconds * 1000);
                    json.WriteNullable("gflops", Gflops(candidate));
                    json.WriteNullable("predicted_cycles", candidate.Predicted);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
            });
            return;
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{shape}: model {predicted} {result.Regret(predicted):F2}, with the table {tabled} {result.Regret(tabled):F2}; spread {result.Spread:P0}"));
        double least = result.Candidates.Min(candidate => candidate.Predicted);
        foreach (MeasuredCandidate candidate in result.Candidates)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"    {candidate.Algorithm,-12} {candidate.Seconds * 1000,10:G4} ms {Gflops(candidate),8:F1} GFLOP/s  {result.Regret(candidate.Algorithm),5:F2} of the best, predicted {candidate.Predicted / least,5:F2}"));
        }
    }

    private static void Summarise(
        CommandLine line, Generator.Kernels.Tier tier, List<MeasuredShape> steady, int measured, double limit, TimeSpan elapsed)
    {
        (string Who, MeasuredTable Table)[] choosers = [("the formulas", MeasuredTable.Empty), ("the table", MeasuredTable.Of(tier))];
        foreach ((string who, MeasuredTable table) in choosers)
        {
            List<(ConvolutionShape Shape, string Choice, string Best, double Regret)> regrets =
            [
                .. steady.Select(shape => (shape, Choice: ConvolutionLayer.Choice(shape.Shape, tier, table)))
                    .Select(s => (s.shape.Shape, s.Choice, s.shape.Candidates[0].Algorithm, s.shape.Regret(s.Choice)))
                    .Where(s => double.IsFinite(s.Item4)).OrderByDescending(s => s.Item4),
            ];
            if (regrets.Count == 0)
            {
                continue;
            }

            double mean = Math.Exp(regrets.Average(s => Math.Log(s.Regret)));
            int large = regrets.Count(s => s.Regret > LargeRegret);
            if (line.Json)
            {
                JsonOutput.Write(json =>
                {
                    json.WriteString("tier", Tier.Name(line.Isa));
                    json.WriteString("chooser", who);
                    json.WriteNumber("shapes", regrets.Count);
                    json.WriteNumber("unsteady", measured - steady.Count);
                    json.WriteNullable("mean_regret", mean);
                    json.WriteNullable("worst_regret", regrets[0].Regret);
                    json.WriteNumber("above_1_05", large);
                    json.WriteNullable("fma_gflops", limit);
                    json.WriteString("cpu", Processor.Family);
                });
                continue;
            }

            Console.WriteLine();
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{Tier.Name(line.Isa)}, {Processor.Family}, limit {limit:F1} GFLOP/s: what {who} choose for {regrets.Count} shapes takes {mean:F3} times as long as the best in the geometric mean, {regrets[0].Regret:F2} at worst; {large} above {LargeRegret}"));
            foreach ((ConvolutionShape shape, string choice, string best, double regret) in regrets.Take(large))
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"    {regret:F2}  {shape}: {choice} instead of {best}"));
            }
        }

        if (!line.Json)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{measured - steady.Count} shapes whose repetitions disagree are left out; {elapsed.TotalSeconds:F0} s"));
        }
    }

    /// <summary>Writes the table: the rows of these shapes anew, those of others as they are.</summary>
    private static void Write(
        CommandLine line, Generator.Kernels.Tier tier, List<MeasuredShape> steady, Dictionary<ConvolutionShape, long> shapes, double cyclesPerSecond, double limit)
    {
        string project = ProjectFolder.Find() ?? throw new UsageException("Run this in the repository.");
        string path = Path.GetFullPath(Path.Combine(project, "..", "..", "generator", "Lowering", "Measured", MeasuredTable.FileOf(tier)));
        MeasuredTable old = File.Exists(path) ? MeasuredTable.Parse(path, File.ReadAllText(path)) : MeasuredTable.Empty;
        Dictionary<ConvolutionShape, MeasuredCycles> rows = line.Networks is ["all"] ? [] : old.Rows.Where(row => !shapes.ContainsKey(row.Key)).ToDictionary();
        foreach (MeasuredShape shape in steady)
        {
            rows.Add(shape.Shape, new MeasuredCycles(shape.Candidates.ToDictionary(candidate => candidate.Algorithm, candidate => candidate.Seconds * cyclesPerSecond)));
        }

        string[] header =
        [
            string.Create(CultureInfo.InvariantCulture, $"{Processor.Family}, {32 * tier.Lanes} bits, one thread; a cycle is that of a multiply-add limit of {limit:F0} GFLOP/s."),
            $"Written by: dotnet run -c Release --project tests/Benchmarks -- algorithms --isa {Tier.Name(line.Isa)} --write",
        ];
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        string draft = path + ".tmp";
        File.WriteAllText(draft, new MeasuredTable(rows).Write(header));
        File.Move(draft, path, overwrite: true);
        Console.Error.WriteLine($"{path}: {rows.Count} shapes. Build anew, and the generator uses it.");
    }
}
