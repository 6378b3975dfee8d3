using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using Strata.Compiler.KernelLanguage;

namespace Strata.Generator.Printing;

/// <summary>
/// What kernels call most, as methods of their class. Each is one call of .NET that the JIT puts into the kernel, and has one or two
/// candidates with given types. The C# compiler spends half of its time on calls in kernels: on choosing among overloads, inferring type
/// arguments, and looking for extension methods. With these methods, ResNet-50 takes it 0.74 to 0.84 of the time. The JIT takes a fifth
/// longer. They are in the class itself, since code that is
/// compiled ahead of time inlines no methods of other assemblies.
/// </summary>
internal static class ShortMethods
{
    /// <summary>A float behind another one: <c>ref At(ref x, 16)</c>.</summary>
    public const string At = "At";

    /// <summary>A vector in memory, which need not be aligned: <c>Load(ref x, 16)</c>.</summary>
    public const string Load = "Load";

    /// <summary>Writes a vector to memory: <c>Store(sum, ref y, 16)</c>.</summary>
    public const string Store = "Store";

    /// <summary>A float in all lanes: <c>Broadcast(scale)</c>.</summary>
    public const string Broadcast = "Broadcast";

    public const string FusedMultiplyAdd = nameof(Intrinsics.FusedMultiplyAdd),
        MultiplyAddEstimate = nameof(Intrinsics.MultiplyAddEstimate);

    private static readonly string[] Declarations =
    [
        $"ref float {At}(ref float place, nint offset) => ref Unsafe.Add(ref place, offset)",
        $"Vector {Load}(ref float place) => Simd.LoadUnsafe(ref place)",
        $"Vector {Load}(ref float place, nuint offset) => Simd.LoadUnsafe(ref place, offset)",
        $"void {Store}(Vector value, ref float place) => Simd.StoreUnsafe(value, ref place)",
        $"void {Store}(Vector value, ref float place, nuint offset) => Simd.StoreUnsafe(value, ref place, offset)",
        $"Vector {Broadcast}(float value) => Simd.Create(value)",
        $"Vector {FusedMultiplyAdd}(Vector x, Vector y, Vector sum) => Simd.FusedMultiplyAdd(x, y, sum)",
        $"Vector {MultiplyAddEstimate}(Vector x, Vector y, Vector sum) => Simd.MultiplyAddEstimate(x, y, sum)",
    ];

    /// <summary>The names, which no kernel may have.</summary>
    public static IEnumerable<string> Names => [At, Load, Store, Broadcast, FusedMultiplyAdd, MultiplyAddEstimate];

    /// <summary>The methods as members of a class.</summary>
    public static string Text { get; } = "    // What kernels call most. The C# compiler finds these faster than .NET's overloads.\n"
        + string.Concat(Declarations.Select(
            declaration => $"    [MethodImpl({nameof(MethodImplOptions)}.AggressiveInlining)]\n    private static {declaration};\n"));

    /// <summary>The method for a function of vectors; null if there is none.</summary>
    public static string? For(Function function) => function.Home != FunctionClass.Intrinsic ? null
        : function.Name is FusedMultiplyAdd or MultiplyAddEstimate ? function.Name : null;
}
