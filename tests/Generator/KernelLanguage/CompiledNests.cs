using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.Intrinsics;
using System.Runtime.Loader;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;
using Strata.Compiler.Foundation;
using Strata.Compiler.KernelLanguage;
using Strata.Compiler.Kernels;
using Strata.Generator.Printing;
using Xunit;
using NestParameter = Strata.Compiler.KernelLanguage.Parameter;
using Pointer = Strata.Compiler.KernelLanguage.Pointer;

namespace Strata.Generator.Tests.KernelLanguage;

/// <summary>Nests, printed and compiled, which run over the same memory as those of the interpreter.</summary>
internal sealed class CompiledNests
{
    /// <summary>Elements of each operand, and where it begins in them.</summary>
    public const int Length = 8_000, Origin = 1_000;

    private readonly MethodInfo[] _methods;

    /// <summary>A method that nests call.</summary>
    public static string TextOf(PrintedMethod method)
    {
        var text = new StringBuilder();
        method.AppendTo(text, new Dictionary<string, string>());
        return text.ToString();
    }

    /// <summary>With the values of the parameters that sharing has added.</summary>
    public CompiledNests(Tier tier, IReadOnlyList<SharedNest> nests)
    {
        var text = new StringBuilder($"""
            using System; using System.Runtime.CompilerServices; using System.Runtime.InteropServices; using System.Runtime.Intrinsics; using Strata.CompilerServices;
            using Simd = System.Runtime.Intrinsics.Vector{tier.Bits};
            using Vector = System.Runtime.Intrinsics.Vector{tier.Bits}<float>;
            using IntVector = System.Runtime.Intrinsics.Vector{tier.Bits}<int>;
            using UIntVector = System.Runtime.Intrinsics.Vector{tier.Bits}<uint>;
            using LongSum = Strata.CompilerServices.BlockSum{32 * tier.Lanes};
            using Bits = System.{(tier.Lanes == 16 ? "UInt16" : "Byte")};
            using LaneBits = System.{(tier.Lanes == 16 ? "UInt64" : "UInt32")};

            """);
        for (int i = 0; i < nests.Count; i++)
        {
            Nest nest = nests[i].Nest;
            (string body, IReadOnlyList<PrintedMethod> calls) = NestPrinter.Print(nest, depth: 0);
            int next = 0;
            object[] arguments = Arguments(nests[i],
                pointer => $"ref (({ExpressionPrinter.TypeOf(pointer.Element)}[])memory[{next++}])[{Origin}]");
            text.Append(
                $"public static class K{i} {{\n{ShortMethods.Text} static void Kernel({NestPrinter.Parameters(nest)}) "
                + $"{{ unchecked {{\n{body}}} "
                + $"}}\n{string.Concat(calls.SelectMany(call => call.AllCalls.Append(call)).Distinct().Select(TextOf))}\n");
            text.Append($"public static void Run(Array[] memory) => Kernel({string.Join(", ", arguments)}); }}\n");
        }

        CSharpCompilation compilation = new Harness().Compile(text.ToString())
            .WithOptions(new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release));
        using var stream = new MemoryStream();
        EmitResult result = compilation.Emit(stream, cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error).Take(5)
            .Select(d => $"{d.GetMessage()}: {d.Location.SourceTree!.GetText().Lines.GetLineFromPosition(d.Location.SourceSpan.Start)}")));
        stream.Position = 0;
        Assembly assembly = new AssemblyLoadContext("nests").LoadFromStream(stream);
        _methods = [.. nests.Select((_, i) => assembly.GetType($"K{i}")!.GetMethod("Run")!)];
    }

    public static bool Runs(Tier tier) => tier.Lanes switch
    {
        16 => Vector512.IsHardwareAccelerated,
        8 => Vector256.IsHardwareAccelerated,
        _ => true,
    };

    /// <summary>An array for each operand.</summary>
    public static Array[] Memory(Nest nest, int lanes, int seed, int length = Length)
    {
        var random = new Random(seed);
        return [.. nest.Parameters.OfType<PointerParameter>().Select(p => p.Pointer.Element switch
        {
            { Kind: ElementKind.LaneBits, Bits: 16 } => Enumerable.Range(0, length).Select(_ => (ushort)random.Next(1 << 16)).ToArray(),
            { Kind: ElementKind.LaneBits } => Enumerable.Range(0, length).Select(_ => (byte)random.Next(1 << lanes)).ToArray(),
            { Kind: ElementKind.Int } => (Array)Enumerable.Range(0, length).Select(_ => random.Next(2)).ToArray(),
            _ => Enumerable.Range(0, length).Select(_ => (2 * random.NextSingle()) - 1).ToArray(),
        })];
    }

    /// <summary>A nest that shares its method with no other.</summary>
    public static SharedNest Alone(Nest nest) => new(nest, EquatableArray<int>.Empty);

    /// <summary>What the interpreter is handed.</summary>
    public static object[] Arguments(SharedNest nest, Array[] memory)
    {
        int next = 0;
        return Arguments(nest, _ => (memory[next++], Origin));
    }

    public static object[] Arguments(Nest nest, Array[] memory) => Arguments(Alone(nest), memory);

    public void Run(int nest, Array[] memory) => _methods[nest].Invoke(null, [memory]);

    public static void AssertSame(Array[] expected, Array[] actual, Nest nest)
    {
        for (int operand = 0; operand < expected.Length; operand++)
        {
            if (expected[operand] is not float[] floats)
            {
                bool same = expected[operand].Cast<object>().SequenceEqual(actual[operand].Cast<object>());
                Assert.True(same, same ? "" : $"{operand} is not the same after\n{NestPrinter.Print(nest, 0).Body}");
                continue;
            }

            var computed = (float[])actual[operand];
            for (int i = 0; i < floats.Length; i++)
            {
                // Which of several NaNs it is, no rule says.
                bool isSame = BitConverter.SingleToInt32Bits(floats[i]) == BitConverter.SingleToInt32Bits(computed[i])
                    || (float.IsNaN(floats[i]) && float.IsNaN(computed[i]));
                Assert.True(isSame,
                    isSame ? "" : $"{operand}[{i - Origin}] is {computed[i]} instead of {floats[i]} in\n{NestPrinter.Print(nest, 0).Body}");
            }
        }
    }

    private static object[] Arguments(SharedNest nest, Func<Pointer, object> place)
    {
        int extents = nest.Nest.Parameters.Count - nest.Extents.Count;
        return [.. nest.Nest.Parameters.Select(
            (p, i) => p is PointerParameter { Pointer: var pointer } ? place(pointer)
                : i < extents ? ValueOf(p) : nest.Extents[i - extents])];
    }

    /// <summary>Of extents that a kernel is handed, small ones that fit together.</summary>
    private static int ValueOf(NestParameter parameter) => parameter.Name switch
    {
        "samples" => 3,
        "panelWidth" => 8,
        "length" => 100,
        _ => 8,
    };
}
