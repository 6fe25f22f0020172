#ifndef BASE_VERSION_H
#define BASE_VERSION_H

#define SAP_OMETRIA_VERSION "0.1.0"

#endif
