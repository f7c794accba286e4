"""Writes the files of NumPy beside this script. Run with NumPy 1.24.2 (Debian 12: apt-get install python3-numpy)."""
import os
import numpy

here = os.path.dirname(os.path.abspath(__file__))
folder = os.path.join(here, "numpy-samples")
os.makedirs(folder, exist_ok=True)
values = numpy.arange(6, dtype=numpy.float32) / 4
numpy.save(os.path.join(folder, "0.npy"), values[:2].reshape(1, 2))
numpy.save(os.path.join(folder, "1.npy"), values[2:].reshape(2, 2))
numpy.save(os.path.join(here, "numpy-all.npy"), values.reshape(3, 2))
numpy.save(os.path.join(here, "numpy-fortran.npy"), numpy.asfortranarray(values.reshape(3, 2)))
numpy.save(os.path.join(here, "numpy-big-endian.npy"), values.reshape(3, 2).astype(">f4"))
numpy.save(os.path.join(here, "numpy-objects.npy"), numpy.array([{"a": 1}], dtype=object), allow_pickle=True)
numpy.savez_compressed(os.path.join(here, "numpy-unnamed.npz"), values.reshape(3, 2))
