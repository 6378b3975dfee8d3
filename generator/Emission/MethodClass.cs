using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Reflection.Emit;

namespace Strata.Compiler.Emission;

/// <summary>A class of static methods, which can be called when it is complete.</summary>
internal sealed class MethodClass(ModuleBuilder module, string name)
{
    private readonly TypeBuilder _type = module.DefineType(name, TypeAttributes.Abstract | TypeAttributes.Sealed);

    /// <summary>Begins a method.</summary>
    public MethodBuilder Define(string name, Type result, Type[] parameters, MethodImplAttributes attributes)
    {
        MethodBuilder method = _type.DefineMethod(name, MethodAttributes.Static | MethodAttributes.Assembly, result, parameters);
        method.SetImplementationFlags(attributes);
        return method;
    }

    /// <summary>A field with constants.</summary>
    public FieldInfo Data(string name, byte[] bytes) => _type.DefineInitializedData(name, bytes, FieldAttributes.Assembly);

    /// <summary>Ends the class: its methods get no more code.</summary>
    public void Complete() => _type.CreateType();

    /// <summary>A method of a complete class.</summary>
    public MethodInfo Made(MethodInfo method) => (MethodInfo)module.ResolveMethod(method.MetadataToken)!;

    /// <summary>A delegate for a method of a complete class.</summary>
    public T Delegate<T>(MethodInfo method)
        where T : Delegate => Made(method).CreateDelegate<T>();

    /// <summary>Delegates for methods of a complete class.</summary>
    public T[] Delegates<T>(IEnumerable<MethodInfo> methods)
        where T : Delegate => [.. methods.Select(Delegate<T>)];
}
