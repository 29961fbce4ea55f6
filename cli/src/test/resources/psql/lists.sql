\dA
\dAc btree
\dAo btree integer_ops
\dAp btree integer_ops
\dC
\dD
\dD+
\dE
\dO
\dP
\dPn
\dRp
\dRs
\dX
\da
\dc
\dd
\ddp
\des
\det
\deu
\dew
\df shop.*
\di *.*customers*
\dl
\dm
\dn
\do
\ds *.*
\dt *.*customers*
\dT
\dT+
\dv
\dv shop.*
\dy
\d public.types
\d shop.lines
\d public.measures_2024
\z shop.*
