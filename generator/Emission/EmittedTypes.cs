using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Strata.Compiler.KernelLanguage;
using Strata.CompilerServices;

namespace Strata.Compiler.Emission;

/// <summary>The types and methods of .NET that kernels of one width of vectors use.</summary>
internal sealed class EmittedTypes
{
    private static readonly Dictionary<int, EmittedTypes> Known = [];

    private readonly ConcurrentDictionary<MethodKey, MethodInfo> _methods = [];
    private readonly ConcurrentDictionary<ElementType, Type> _elements = [];
    private readonly ConcurrentDictionary<Type, Type> _vectors = [];
    private readonly Type _vector;
    private readonly int _lanes;

    /// <summary>The larger of two integers.</summary>
    public static MethodInfo Max { get; } = typeof(Math).GetMethod(nameof(Math.Max), [typeof(int), typeof(int)])!;

    /// <summary>The context of a step for one of several losses.</summary>
    public static MethodInfo StepOfLoss { get; } = typeof(StepContext).GetMethod(nameof(StepContext.Of))!;

    private EmittedTypes(int bits)
    {
        _lanes = bits / 32;
        (Simd, _vector, LongSum) = bits switch
        {
            128 => (typeof(Vector128), typeof(Vector128<>), typeof(BlockSum128)),
            256 => (typeof(Vector256), typeof(Vector256<>), typeof(BlockSum256)),
            _ => (typeof(Vector512), typeof(Vector512<>), typeof(BlockSum512)),
        };
        Vector = VectorOf(typeof(float));
        Create = Method(Simd, "Create", [.. Enumerable.Repeat(typeof(int), _lanes)]);
        Zero = Vector.GetProperty("Zero")!.GetMethod!;
        One = Vector.GetProperty("One")!.GetMethod!;
    }

    /// <summary>A method by its name and the types of what it is given.</summary>
    private readonly record struct MethodKey(Type Of, string Name, int Count, Type? First, Type? Second, Type? Third, string Others);

    /// <summary>The class of vectors of the width.</summary>
    public Type Simd { get; }

    /// <summary>A vector of floats.</summary>
    public Type Vector { get; }

    public Type LongSum { get; }

    /// <summary>A constant vector: a number for each lane.</summary>
    public MethodInfo Create { get; }

    /// <summary>A vector of zeros.</summary>
    public MethodInfo Zero { get; }

    /// <summary>A vector of ones.</summary>
    public MethodInfo One { get; }

    /// <param name="lanes">Floats in a vector.</param>
    public static EmittedTypes OfLanes(int lanes) => Of(32 * lanes);

    /// <param name="bits">The bits of a vector: 128, 256 or 512.</param>
    public static EmittedTypes Of(int bits)
    {
        lock (Known)
        {
            return Known.TryGetValue(bits, out EmittedTypes? types) ? types : Known[bits] = new EmittedTypes(bits);
        }
    }

    /// <summary>The type of a value.</summary>
    public Type Of(ElementType type) => _elements.GetOrAdd(type, static (type, types) => types.Find(type), this);

    private Type Find(ElementType type) => type switch
    {
        { Kind: ElementKind.LongSum } => type.IsWide ? LongSum : typeof(BlockSum),
        { Kind: ElementKind.Bool, IsWide: true } => Vector,

        // What ExtractMostSignificantBits returns.
        { Kind: ElementKind.LaneBits, IsWide: true } => _lanes == 16 ? typeof(ulong) : typeof(uint),
        { IsWide: true } => VectorOf(Of(type.Lane)),
        { Kind: ElementKind.Float, Bits: 32 } => typeof(float),
        { Kind: ElementKind.Float, Bits: 64 } => typeof(double),
        { Kind: ElementKind.BFloat } => typeof(ushort),
        { Kind: ElementKind.Int } => typeof(int),
        { Kind: ElementKind.UInt } => typeof(uint),
        { Kind: ElementKind.Bool } => typeof(bool),
        { Kind: ElementKind.LaneBits } => type.Bits == 16 ? typeof(ushort) : typeof(byte),
        { Kind: ElementKind.StepContext } => typeof(StepContext),
        { Kind: ElementKind.None } => typeof(void),
        _ => throw new InvalidOperationException($"{type} has no type in .NET."),
    };

    /// <summary>Whether a type is a vector.</summary>
    public bool IsVector(Type type) =>
        type == Vector || (type.IsGenericType && !type.IsByRef && type.GetGenericTypeDefinition() == _vector);

    /// <summary>A vector of some lanes.</summary>
    private Type VectorOf(Type lane) => _vectors.GetOrAdd(lane, static (lane, vector) => vector.MakeGenericType(lane), _vector);

    /// <summary>The class that loads vectors of elements of a type of memory only.</summary>
    public Type Stored(ElementType element) => Class($"{element}Vector{32 * _lanes}");

    /// <summary>A class by its name in kernels.</summary>
    public Type Class(string name) => name switch
    {
        "Simd" => Simd,
        "LongSum" => LongSum,
        "Math" => typeof(Math),
        "MathF" => typeof(MathF),
        "MemoryMarshal" => typeof(MemoryMarshal),
        _ => typeof(NetworkProgram).Assembly.GetType($"Strata.CompilerServices.{name}", throwOnError: true)!,
    };

    /// <summary>The method that takes values of some types.</summary>
    public MethodInfo Method(Type of, string name, params ReadOnlySpan<Type> types)
    {
        string others = "";
        foreach (Type other in types.Length > 3 ? types[3..] : [])
        {
            others += $"{other},";
        }

        var key = new MethodKey(
            of, name, types.Length, types.Length > 0 ? types[0] : null, types.Length > 1 ? types[1] : null,
            types.Length > 2 ? types[2] : null, others);
        return _methods.TryGetValue(key, out MethodInfo? method) ? method : _methods.GetOrAdd(key, Find(of, name, types.ToArray()));
    }

    private static MethodInfo Find(Type of, string name, Type[] types)
    {
        const BindingFlags Any = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance;
        IEnumerable<MethodInfo> candidates = of.GetMethods(Any).Where(one => one.Name == name).Select(one => Closed(one, types))
            .OfType<MethodInfo>().Where(one => Takes(one, types, exactly: false));
        return candidates.OrderByDescending(one => Takes(one, types, exactly: true)).ThenBy(one => one.IsGenericMethod).FirstOrDefault()
            ?? throw new InvalidOperationException($"{of.Name} has no {name}({string.Join(", ", types.Select(type => type.Name))}).");
    }

    private static MethodInfo? Closed(MethodInfo method, Type[] types)
    {
        System.Reflection.ParameterInfo[] parameters = method.GetParameters();
        if (parameters.Length != types.Length)
        {
            return null;
        }

        if (!method.IsGenericMethodDefinition)
        {
            return method;
        }

        Type[] arguments = method.GetGenericArguments();
        if (arguments.Length != 1)
        {
            return null;
        }

        for (int i = 0; i < types.Length; i++)
        {
            if (Inferred(parameters[i].ParameterType, types[i], arguments[0]) is { } inferred)
            {
                try
                {
                    return method.MakeGenericMethod(inferred);
                }
                catch (ArgumentException)
                {
                    return null;
                }
            }
        }

        return null;
    }

    private static Type? Inferred(Type parameter, Type type, Type argument)
    {
        if (parameter == argument)
        {
            return type.IsByRef ? null : type;
        }

        if (parameter.HasElementType && type.HasElementType)
        {
            return Inferred(parameter.GetElementType()!, type.GetElementType()!, argument);
        }

        return parameter.IsGenericType && type.IsGenericType
            && parameter.GetGenericTypeDefinition() == type.GetGenericTypeDefinition()
            ? Inferred(parameter.GetGenericArguments()[0], type.GetGenericArguments()[0], argument) : null;
    }

    private static bool Takes(MethodInfo method, Type[] types, bool exactly) => method.GetParameters()
        .Zip(types, (parameter, type) => parameter.ParameterType == type || (!exactly && Widens(type, parameter.ParameterType)))
        .All(fits => fits);

    /// <summary>Whether C# converts a number by itself.</summary>
    public static bool Widens(Type from, Type to) =>
        (from == typeof(int) && (to == typeof(nint) || to == typeof(nuint) || to == typeof(float) || to == typeof(double)))
        || (from == typeof(float) && to == typeof(double));

    /// <summary>The address of a span's first element.</summary>
    public MethodInfo GetReference(Type span) => Method(typeof(MemoryMarshal), nameof(MemoryMarshal.GetReference), span);
}
