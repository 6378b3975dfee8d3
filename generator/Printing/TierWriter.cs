using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Strata.Compiler.Declarations;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;
using Strata.Compiler.Kernels;
using Strata.Compiler.Lowering;
using static Strata.Generator.Printing.Literals;

namespace Strata.Generator.Printing;

/// <summary>Writes the programs of one tier: a class that derives from the runtime's <c>NetworkProgram</c>.</summary>
internal sealed class TierWriter
{
    private readonly IReadOnlyList<TierPrograms> _sizes;
    private readonly IReadOnlyList<string> _names;
    private readonly TierPrograms _programs;
    private readonly Tier _tier;
    private readonly SourceWriter _writer = new();
    private readonly KernelClass _kernels;
    private readonly CancellationToken _cancellationToken;

    private TierWriter(IReadOnlyList<TierPrograms> sizes, IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        (_sizes, _names, _programs, _tier, _cancellationToken) = (sizes, names, sizes[0], sizes[0].Tier, cancellationToken);
        _kernels = KernelClass.Print(KernelMethods.Assign(sizes, cancellationToken), cancellationToken);
    }

    public static ProgramText Write(NetworkTarget target, TierPrograms programs, CancellationToken cancellationToken) =>
        Write(target, [programs], [], cancellationToken);

    /// <summary>As <see cref="Write(NetworkTarget, TierPrograms, CancellationToken)"/>, for a network of several sizes.</summary>
    /// <param name="sizes">The programs of all sizes, the declared one first.</param>
    /// <param name="names">The names of the classes of the further sizes.</param>
    public static ProgramText Write(
        NetworkTarget target, IReadOnlyList<TierPrograms> sizes, IReadOnlyList<string> names, CancellationToken cancellationToken) =>
        new TierWriter(sizes, names, cancellationToken).Write(target);

    /// <summary>The class of a tier's programs.</summary>
    public static string ClassOf(TierPrograms programs) => ClassOf(programs, programs.Weights);

    /// <summary>The class of the same tier's programs with another storage of weights.</summary>
    public static string ClassOf(TierPrograms programs, WeightStorage weights) => $"{programs.Tier.Name}{SuffixOf(weights)}Program";

    /// <param name="bits">The bits of the vectors that the file's names stand for.</param>
    private string Header(NetworkTarget target, int bits)
    {
        var writer = new SourceWriter();
        GeneratedHeader.Write(writer);
        writer.Line($"namespace {target.GeneratedNamespace};");
        writer.Line();
        foreach (string import in new[]
        {
            "System", "System.Collections.Generic", "System.Runtime.CompilerServices", "System.Runtime.InteropServices",
            "System.Runtime.Intrinsics",
            "Strata.CompilerServices",
        })
        {
            writer.Line($"using global::{import};");
        }

        writer.Line("using Isa = global::Strata.Isa;");
        writer.Line($"using Simd = global::System.Runtime.Intrinsics.Vector{bits};");
        writer.Line($"using Vector = global::System.Runtime.Intrinsics.Vector{bits}<float>;");
        writer.Line($"using IntVector = global::System.Runtime.Intrinsics.Vector{bits}<int>;");
        writer.Line($"using UIntVector = global::System.Runtime.Intrinsics.Vector{bits}<uint>;");
        string longSum = RuntimeApi.LongSum.NameFor(bits);
        writer.Line($"using {FunctionText.NameOf(RuntimeApi.LongSum)} = global::Strata.CompilerServices.{longSum};");
        int lanes = ElementType.Vector.LanesIn(bits);
        writer.Line($"using Bits = {(lanes == 16 ? "ushort" : "byte")};");

        // What ExtractMostSignificantBits returns.
        writer.Line($"using LaneBits = {(lanes == 16 ? "ulong" : "uint")};");
        if (SuffixOf(_programs.Weights) is { Length: > 0 } weights)
        {
            writer.Line($"using {weights} = global::Strata.CompilerServices.{weights}Vector{bits};");
        }

        return writer.ToString();
    }

    /// <summary>The part of a program's name that says how it stores the weights of dense layers. Empty for floats.</summary>
    public static string SuffixOf(WeightStorage weights) => weights == WeightStorage.Float32 ? "" : weights.ToString();

    private ProgramText Write(NetworkTarget target)
    {
        string suffix = SuffixOf(_programs.Weights);
        string weights = suffix.Length == 0 ? "" : $", with the weights of dense layers in {suffix.ToLowerInvariant()}";
        _writer.Line(
            $"/// <summary>{target.PlainName} in vectors of {_tier.Bits} bits{weights}, {Number(_kernels.Methods.Count)} kernels. A "
            + $"<c>Vector</c> holds {_tier.Lanes} floats, <c>Bits</c> a bit for each.</summary>");
        _writer.Line(GeneratedHeader.Attribute);

        string text = WriteClass();
        string file = $"{target.FilePrefix}.{_tier.Name}{(suffix.Length == 0 ? "" : "." + suffix)}";
        return new ProgramText(
            file, target.PlainName, target.GeneratedNamespace, ClassOf(_programs), Header(target, _tier.Bits), text,
            _kernels.Methods, _tier.Lanes, MayShare: _kernels.AreMany)
        {
            NarrowHeader = Header(target, _tier.OfIntegers.Bits),
        };
    }

    /// <summary>Writes the class of the declared size, and the classes of the others inside of it.</summary>
    private string WriteClass()
    {
        var calls = new Dictionary<string, StepCalls>(StringComparer.Ordinal);
        string name = ClassOf(_programs);
        string[] first = [];
        using (_writer.Block($"internal {(_sizes.Count == 1 ? "sealed " : "")}partial class {name} : NetworkProgram"))
        {
            _writer.Line("private static ref T At<T>(ref T memory, int offset) => ref Unsafe.Add(ref memory, offset);");
            _writer.Line();
            WriteSizes(name);
            for (int size = 0; size < _sizes.Count; size++)
            {
                string[] parts = ProgramMembers.Write(_sizes, size, _kernels, calls, _cancellationToken);
                first = size == 0 ? parts : first;
                _writer.Append(size == 0 ? SizedParts.First(parts) : SizedParts.Class(_names[size - 1], name, parts, first));
            }
        }

        return StepCalls.Fill(_writer.ToString(), calls);
    }

    /// <summary>Writes the method that makes the program of a size.</summary>
    private void WriteSizes(string name)
    {
        if (_sizes.Count > 1)
        {
            _writer.Line("// The program at a size of the network: 0 is the declared one, and the others are the classes below.");
            string others = string.Concat(_names.Select((size, i) => $"{Number(i + 1)} => new {size}(), "));
            _writer.Line($"public static {name} OfSize(int size) => size switch {{ {others}_ => new {name}() }};");
            _writer.Line();
        }
    }
}
