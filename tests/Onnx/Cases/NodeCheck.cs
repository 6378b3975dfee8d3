using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;

namespace Strata.Onnx.Tests;

/// <summary>Imports models, compiles their classes together, and compares each with ONNX Runtime.</summary>
internal static class NodeCheck
{
    public const double Tolerance = 1e-5;

    /// <summary>
    /// What came of a case: the error, relative to the largest output; why it is refused; or what went wrong, with the class.
    /// </summary>
    public sealed record Outcome(NodeCase Case, double Error, string? Refusal, string Details)
    {
        public bool Agrees => Refusal is null && Error <= Tolerance;

        public bool Fails => Refusal is null && !(Error <= Tolerance);

        public override string ToString() => Refusal is { } reason ? $"{Case}: {reason}" : $"{Case}: {Error:E2}\n{Details}";
    }

    public static IEnumerable<Outcome> Run(IReadOnlyList<NodeCase> cases)
    {
        var outcomes = new Outcome?[cases.Count];
        var imported = new List<(int Index, ImportedNetwork Network, byte[] Bytes)>();
        for (int i = 0; i < cases.Count; i++)
        {
            try
            {
                byte[] bytes = cases[i].ToBytes();
                using var stream = new MemoryStream(bytes);
                ImportedNetwork network = OnnxFile.Import(stream, new OnnxImportOptions { Name = $"Case{i}", Namespace = $"Of{i}" });
                ClassCompiler.GraphOf(network.Source);
                imported.Add((i, network, bytes));
            }
            catch (UnsupportedOnnxException exception)
            {
                outcomes[i] = new Outcome(cases[i], double.NaN, exception.Nodes[0].Reason, "");
            }
            catch (Exception exception)
            {
                outcomes[i] = new Outcome(cases[i], double.PositiveInfinity, null, exception.ToString());
            }
        }

        Assembly assembly = ClassCompiler.Compile(imported.Select(one => one.Network.Source));
        foreach ((int index, ImportedNetwork network, byte[] bytes) in imported)
        {
            outcomes[index] = Compared(cases[index], assembly, network, bytes);
        }

        return outcomes!;
    }

    private static Outcome Compared(NodeCase one, Assembly assembly, ImportedNetwork network, byte[] bytes)
    {
        try
        {
            double error = ImportCheck.Error(assembly, network, bytes);
            using CompiledNetwork instance = ImportCheck.Instance(assembly, network);
            ImportCheck.CheckLoaded(instance, bytes, new OnnxImportOptions());
            return new Outcome(one, error, null, network.Source);
        }
        catch (Exception exception)
        {
            return new Outcome(one, double.PositiveInfinity, null, $"{exception}\n{network.Source}");
        }
    }
}
