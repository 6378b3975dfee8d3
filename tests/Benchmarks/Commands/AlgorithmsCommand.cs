using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using Microsoft.CodeAnalysis.CSharp;
using Strata.Benchmarks.Algorithms;
using Strata.Benchmarks.Layers;
using Strata.Benchmarks.Measurement;
using Strata.Benchmarks.Networks;
using Strata.Benchmarks.Workers;
using Strata.Compiler.Kernels;
using Strata.Compiler.Lowering;

namespace Strata.Benchmarks.Commands;

/// <summary>The algorithms for the zoo's convolutions, each measured: what the cost model should choose, and the table by which it does.</summary>
internal static class AlgorithmsCommand
{
    /// <summary>A choice that costs more is shown.</summary>
    private const double LargeRegret = 1.05;

    private static readonly TimeSpan LimitSlice = TimeSpan.FromMilliseconds(1);

    public static int Run(CommandLine line)
    {
        Compiler.Kernels.Tier all = Compiler.Kernels.Tier.All.Single(candidate => candidate.Name == line.Isa.ToString());
        CpuFamily? known = all.Families.FirstOrDefault(one => Processor.IsOf(one.Name));
        if (line.Write && known is null)
        {
            string families = string.Join(", ", all.Families.Select(one => one.ShortName));
            throw new UsageException($"--write writes the table of a family of the cost model: {families}; this is {Processor.Family}.");
        }

        CpuFamily family = known ?? all.Families[0];
        Compiler.Kernels.Tier tier = family == all.Families[0] ? all : all.For(family.ShortName);
        Dictionary<ConvolutionShape, long> shapes = ShapesOf(
            line.Networks is ["all"] ? [.. BenchmarkNetwork.Declared] : [.. line.Networks.Select(BenchmarkNetwork.Find)]);
        var limit = new Limit(line.Isa, threads: 1, LimitSlice);
        MeasuredTable table = MeasuredTable.Of(tier);
        var measured = new List<Choice>();
        long start = Stopwatch.GetTimestamp();
        foreach ((ConvolutionShape shape, long weights) in shapes)
        {
            MeasuredShape result = MeasuredShape.Of(shape, weights, tier, line.Duration, limit);
            if (result.HasChoice)
            {
                measured.Add(new Choice(result, ConvolutionLayer.Choice(shape, tier, MeasuredTable.Empty), ConvolutionLayer.Choice(shape, tier, table)));
                Print(line, measured[^1]);
            }
        }

        if (measured.Count == 0)
        {
            throw new WorkerException("No convolution of these networks has a choice of algorithms.");
        }

        // A multiply-add of a vector is two operations for each lane.
        double cyclesPerSecond = limit.Best * 1e9 / (2 * tier.Lanes * family.MultiplyAdds);
        List<Choice> steady = [.. measured.Where(choice => choice.Measured.IsSteady)];
        Summarise(line, "the formulas choose", steady, choice => choice.OfFormulas, measured.Count, limit.Best);
        Summarise(line, "they choose with the table", steady, choice => choice.WithTable, measured.Count, limit.Best);
        if (!line.Json)
        {
            Console.WriteLine(FormattableString.Invariant(
                $"{measured.Count - steady.Count} shapes whose repetitions disagree are left out; {Stopwatch.GetElapsedTime(start).TotalSeconds:F0} s"));
        }

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
        foreach (BenchmarkNetwork network in BenchmarkNetwork.Declared.Union(networks))
        {
            NetworkInfo info = network.Describe();
            long weights = info.Layers.Sum(layer => (long)layer.ParameterCount) * sizeof(float);
            FusionPlan groups = FusionPlan.Create(ZooSources.GraphOf(sources, info.Name), ProgramKind.OneSample);
            foreach (ConvolutionShape shape in groups.All.Select(ConvolutionShape.From).OfType<ConvolutionShape>())
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

    private static void Print(CommandLine line, Choice choice)
    {
        (MeasuredShape result, string ofFormulas, string withTable) = choice;
        ConvolutionShape shape = result.Shape;
        double Gflops(MeasuredCandidate candidate) => 2 * shape.MultiplyAdds / candidate.Seconds / 1e9;
        if (line.Json)
        {
            JsonOutput.Write(json =>
            {
                json.WriteString("shape", shape.ToString());
                json.WriteString("tier", Tier.Name(line.Isa));
                json.WriteString("best", result.Candidates[0].Algorithm);
                json.WriteString("model", ofFormulas);
                json.WriteNullable("model_regret", result.Regret(ofFormulas));
                json.WriteString("choice", withTable);
                json.WriteNullable("choice_regret", result.Regret(withTable));
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

        Console.WriteLine(FormattableString.Invariant(
            $"{shape}: model {ofFormulas} {result.Regret(ofFormulas):F2}, with the table {withTable} {result.Regret(withTable):F2}; spread {result.Spread:P0}"));
        double least = result.Candidates.Min(candidate => candidate.Predicted);
        foreach (MeasuredCandidate candidate in result.Candidates)
        {
            Console.WriteLine(FormattableString.Invariant(
                $"    {candidate.Algorithm,-12} {candidate.Seconds * 1000,10:G4} ms {Gflops(candidate),8:F1} GFLOP/s  {result.Regret(candidate.Algorithm),5:F2} of the best, predicted {candidate.Predicted / least,5:F2}"));
        }
    }

    /// <summary>How much longer than the best takes what was chosen, over all shapes.</summary>
    private static void Summarise(CommandLine line, string who, List<Choice> steady, Func<Choice, string> chosen, int measured, double limit)
    {
        List<(ConvolutionShape Shape, string Algorithm, string Best, double Regret)> regrets =
        [
            .. steady.Select(choice => (choice.Measured.Shape, chosen(choice), choice.Measured.Candidates[0].Algorithm, choice.Measured.Regret(chosen(choice))))
                .Where(choice => double.IsFinite(choice.Item4)).OrderByDescending(choice => choice.Item4),
        ];
        if (regrets.Count == 0)
        {
            return;
        }

        double mean = Math.Exp(regrets.Average(choice => Math.Log(choice.Regret)));
        int large = regrets.Count(choice => choice.Regret > LargeRegret);
        if (line.Json)
        {
            JsonOutput.Write(json =>
            {
                json.WriteString("tier", Tier.Name(line.Isa));
                json.WriteString("what", who);
                json.WriteNumber("shapes", regrets.Count);
                json.WriteNumber("unsteady", measured - steady.Count);
                json.WriteNullable("mean_regret", mean);
                json.WriteNullable("worst_regret", regrets[0].Regret);
                json.WriteNumber("large_regrets", large);
                json.WriteNullable("fma_gflops", limit);
                json.WriteString("cpu", Processor.Family);
            });
            return;
        }

        Console.WriteLine();
        Console.WriteLine(FormattableString.Invariant(
            $"{Tier.Name(line.Isa)}, {Processor.Family}, limit {limit:F1} GFLOP/s: what {who} for {regrets.Count} shapes takes {mean:F3} times as long as the best in the geometric mean, {regrets[0].Regret:F2} at worst; {large} above {LargeRegret}"));
        foreach ((ConvolutionShape shape, string algorithm, string best, double regret) in regrets.Take(large))
        {
            Console.WriteLine(FormattableString.Invariant($"    {regret:F2}  {shape}: {algorithm} instead of {best}"));
        }
    }

    /// <summary>
    /// Writes the table: the rows of these shapes anew, those of others as they are. Where the formulas choose well there is no row, so that noise changes nothing.
    /// </summary>
    private static void Write(
        CommandLine line, Compiler.Kernels.Tier tier, List<Choice> steady, Dictionary<ConvolutionShape, long> shapes,
        double cyclesPerSecond, double limit)
    {
        string project = ProjectFolder.Find() ?? throw new UsageException("Run this in the repository.");
        string path = Path.GetFullPath(Path.Combine(project,
            "..", "..", "generator", "Compiler", "Lowering", "Measured", MeasuredTable.FileOf(tier)));
        MeasuredTable old = File.Exists(path) ? MeasuredTable.Parse(path, File.ReadAllText(path)) : MeasuredTable.Empty;
        Dictionary<ConvolutionShape, MeasuredCycles> rows = line.Networks is ["all"] ? [] : old.Rows.Where(row => !shapes.ContainsKey(row.Key)).ToDictionary();
        foreach (MeasuredShape shape in steady.Where(choice => choice.Measured.Regret(choice.OfFormulas) > LargeRegret).Select(choice => choice.Measured))
        {
            rows.Add(shape.Shape, new MeasuredCycles(shape.Candidates.ToDictionary(candidate => candidate.Algorithm, candidate => candidate.Seconds * cyclesPerSecond)));
        }

        string[] header =
        [
            FormattableString.Invariant($"{Processor.Family}, {32 * tier.Lanes} bits, one thread; a cycle is that of a multiply-add limit of {limit:F0} GFLOP/s."),
            $"Written by: dotnet run -c Release --project tests/Benchmarks -- algorithms --isa {Tier.Name(line.Isa)} --write",
        ];
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        string draft = path + ".tmp";
        File.WriteAllText(draft, new MeasuredTable(rows).Write(header));
        File.Move(draft, path, overwrite: true);
        Console.Error.WriteLine($"{path}: {rows.Count} shapes. Build anew, and the generator uses it.");
    }

    /// <summary>What was chosen for a shape.</summary>
    private sealed record Choice(MeasuredShape Measured, string OfFormulas, string WithTable);
}
