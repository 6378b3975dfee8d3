using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;

namespace Strata.Onnx.Tests;

/// <summary>Imports models, compiles their classes together, and compares each with ONNX Runtime.</summary>
internal static class NodeCheck
{
    /// <summary>What came of a case: the error, relative to the largest output; or why it cannot be said.</summary>
    public sealed record Outcome(NodeCase Case, double Error, string? Reason, string Source)
    {
        public bool Agrees => Reason is null && Error <= Tolerance;
    }

    public const double Tolerance = 1e-5;

    public static IEnumerable<Outcome> Run(IReadOnlyList<NodeCase> cases)
    {
        var outcomes = new Outcome?[cases.Count];
        var imported = new List<(int Index, ImportedNetwork Network, byte[] Bytes)>();
        for (int i = 0; i < cases.Count; i++)
        {
            byte[] bytes = cases[i].ToBytes();
            try
            {
                using var stream = new MemoryStream(bytes);
                ImportedNetwork network = OnnxFile.Import(stream, new OnnxImportOptions { Name = $"Case{i}" });
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
            outcomes[index] = new Outcome(cases[index], ImportCheck.Error(assembly, network, bytes), null, network.Source);
        }

        return outcomes!;
    }
}
